// A file dropped on a form that takes one is as if it had been chosen there.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const hint = form.querySelector("[data-drop-hint]");
  hint.hidden = false;
  const brings = (event) => event.dataTransfer?.types.includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (!brings(event)) return;
    event.preventDefault();
    const [file, ...others] = event.dataTransfer.files;
    if (!file) return;
    const one = new DataTransfer();
    one.items.add(file);
    field.files = one.files;
    field.focus();
    hint.textContent = others.length ? `Only “${file.name}” is taken: one file at a time.` : `“${file.name}” is chosen.`;
  });
}
