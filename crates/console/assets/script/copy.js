// Copies what a button names, and says so.
export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    } catch {
      // Not on a page without TLS: what is chosen can be copied by the keys for it.
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      return;
    }
    const said = (is) => {
      button.querySelector("[data-before]").hidden = is;
      button.querySelector("[data-after]").hidden = !is;
    };
    said(true);
    setTimeout(said, 2_000, false);
  });
}
