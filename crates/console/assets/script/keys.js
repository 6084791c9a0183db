// Keys: / searches, j and k go through rows, x chooses a row, Enter opens it.
export function keys() {
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
  let at = -1;
  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, at + step));
    const link = all[at].querySelector("a");
    link?.focus();
    all[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const field = event.target.closest?.("input, select, textarea, dialog");
    if (event.key === "Escape" && event.target.matches?.('input[type="search"]')) event.target.blur();
    if (field) return;
    if (event.key === "/") {
      const search = document.querySelector('input[type="search"]');
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x") event.target.closest?.("tr")?.querySelector('input[type="checkbox"]')?.click();
  });
}
