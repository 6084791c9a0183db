// The server says when something changed; what shows it asks for its part anew.
export function followLive() {
  if (!document.querySelector("[data-live]")) return;
  let source;
  const mark = (on) => {
    for (const sign of document.querySelectorAll(".live")) sign.classList.toggle("on", on);
  };
  const open = () => {
    source = new EventSource("/live");
    source.onopen = () => mark(true);
    source.onerror = () => mark(false);
    source.addEventListener("changed", () => document.body.dispatchEvent(new Event("live")));
  };
  const close = () => {
    source?.close();
    source = undefined;
    mark(false);
  };
  // Nobody looks at a hidden page.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else if (!source) {
      open();
      document.body.dispatchEvent(new Event("live"));
    }
  });
  open();
}
