// Choosing rows: one, a range with shift, all of the page; what can be done with them appears.
export function picking() {
  let last;
  const boxes = (form) => [...form.querySelectorAll('input[name="id"]')];
  const update = (form) => {
    const all = boxes(form);
    const chosen = all.filter((box) => box.checked).length;
    const head = form.querySelector("[data-all]");
    if (head) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
    const bulk = form.querySelector(".bulk");
    bulk?.classList.toggle("on", chosen > 0);
    const count = bulk?.querySelector("[data-chosen]");
    if (count) count.textContent = chosen;
  };
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.('form[data-pick] input[type="checkbox"]');
    if (!box) return;
    const form = box.form;
    if (box.matches("[data-all]")) {
      for (const one of boxes(form)) one.checked = box.checked;
    } else if (box.name === "id") {
      const all = boxes(form);
      if (event.shiftKey && last && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const one of all.slice(from, to + 1)) one.checked = box.checked;
      }
      last = box;
    }
    update(form);
  });
  for (const form of document.querySelectorAll("form[data-pick]")) update(form);
  document.addEventListener("htmx:after:swap", () => {
    for (const form of document.querySelectorAll("form[data-pick]")) update(form);
  });
}
