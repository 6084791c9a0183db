// An open menu closes when something else is wanted: a click or the focus elsewhere, or Escape.
const open = () => document.querySelectorAll("details.drop[open], .who details[open]");

export function menus() {
  const leave = (event) => {
    for (const menu of open()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
