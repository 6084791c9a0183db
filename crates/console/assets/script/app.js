// What moves in the console. Every page works without this; nothing here decides anything.
import "htmx.org/dist/htmx.esm.js";
import { localize } from "./locale.js";
import { copying } from "./copy.js";
import { followLive } from "./live.js";
import { dialogs } from "./dialog.js";
import { menus } from "./menu.js";
import { picking } from "./pick.js";
import { dropping } from "./drop.js";
import { keys } from "./keys.js";

document.documentElement.classList.add("js");

localize(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) localize(node);
    }
  }
}).observe(document.body, { childList: true, subtree: true });

// Filters apply as they are chosen.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.closest("[data-submit]") && field.matches("select, input[type=checkbox], input[type=file]")) {
    field.form.requestSubmit();
  }
});

menus();
dialogs();
picking();
dropping();
keys();
copying();
followLive();

// In a strip that is swiped, the page where one is is seen, and whatever has the focus.
const STRIPS = ":is(.rail nav, .tabs, .tree)";
for (const here of document.querySelectorAll(`${STRIPS} [aria-current]`)) {
  const strip = here.closest(STRIPS);
  strip.scrollLeft = here.offsetLeft - strip.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
}
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(`${STRIPS}, .scroll`)) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
