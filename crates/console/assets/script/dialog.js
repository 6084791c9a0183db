// Questions that would be a page of their own open over the page that asks them.
const isHtml = (answer) => answer.headers.get("content-type")?.startsWith("text/html");

// What asked, and has the focus again afterwards; also when one question led to the next.
let asker;

function show(html) {
  const before = document.querySelector("dialog[data-asked]");
  if (!before) asker = document.activeElement;
  before?.remove();
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const question = parsed.querySelector(".confirm");
  if (!question) return false;
  const dialog = document.createElement("dialog");
  dialog.dataset.asked = "";
  dialog.setAttribute("aria-labelledby", "asked");
  const heading = question.querySelector("h1, h2");
  if (heading) heading.id = "asked";
  dialog.append(document.importNode(question, true));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    asker?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-back]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  guard(dialog);
  globalThis.htmx?.process(dialog);
  dialog.showModal();
  return true;
}

// What must be typed opens the button.
function guard(root) {
  for (const field of root.querySelectorAll("[data-typed]")) {
    const button = field.form.querySelector("button.danger, button.primary");
    const check = () => { button.disabled = field.value.trim() !== field.dataset.typed; };
    field.addEventListener("input", check);
    check();
  }
}

async function ask(url, options, otherwise) {
  try {
    const answer = await fetch(url, { ...options, headers: { "X-Dialog": "true" } });
    if (answer.redirected) { location.assign(answer.url); return; }
    if (isHtml(answer) && show(await answer.text())) return;
  } catch { /* offline, or the server is away: the page itself says so */ }
  otherwise();
}

export function dialogs() {
  guard(document);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.button) return;
    event.preventDefault();
    ask(link.href, {}, () => location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form.matches("form[data-dialog]") || button?.matches("[data-dialog]"))) return;
    if (form.dataset.plain) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, button));
    const plainly = () => {
      form.dataset.plain = "yes";
      form.requestSubmit(button);
    };
    ask(form.getAttribute("action"), { method: "POST", body }, plainly);
  });
}
