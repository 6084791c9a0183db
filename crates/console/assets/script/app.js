// What moves in the console. Every page works without this; nothing here decides anything.
import "htmx.org/dist/htmx.esm.js";
import { localize } from "./locale.js";
import { followLive } from "./live.js";
import { dialogs } from "./dialog.js";
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

// An open menu closes when something else is wanted.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.drop[open], .who details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

dialogs();
picking();
dropping();
keys();
followLive();
