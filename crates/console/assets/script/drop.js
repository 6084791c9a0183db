// Files dropped anywhere on a page that takes files; rows dragged onto a folder.
export function dropping() {
  const curtain = document.querySelector(".curtain");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  if (curtain) {
    const form = document.getElementById(curtain.dataset.for);
    const input = form.querySelector('input[type="file"]');
    document.addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      depth += 1;
      curtain.hidden = false;
    });
    document.addEventListener("dragleave", (event) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) curtain.hidden = true;
    });
    document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      curtain.hidden = true;
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  // A license is dragged into a folder of the tree: the same as choosing it and "Move".
  document.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.("tr[data-id]");
    if (row) event.dataTransfer.setData("text/x-license", row.dataset.id);
  });
  for (const folder of document.querySelectorAll(".tree a[data-folder]")) {
    folder.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("text/x-license")) return;
      event.preventDefault();
      folder.classList.add("drop-here");
    });
    folder.addEventListener("dragleave", () => folder.classList.remove("drop-here"));
    folder.addEventListener("drop", (event) => {
      folder.classList.remove("drop-here");
      const id = event.dataTransfer.getData("text/x-license");
      const form = document.querySelector("form[data-pick]");
      if (!id || !form) return;
      event.preventDefault();
      const box = form.querySelector(`input[name="id"][value="${CSS.escape(id)}"]`);
      if (box) box.checked = true;
      form.querySelector('select[name="to"]').value = folder.dataset.folder;
      form.requestSubmit(form.querySelector('button[value="move"]'));
    });
  }
}
