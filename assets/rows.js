// A row just added is typed into at once: its first empty field takes the focus, once the browser has
// gone to the row, which takes the focus off everything.
const row = location.hash.startsWith("#row-") && document.getElementById(location.hash.slice(1));
if (row) addEventListener("load", () => requestAnimationFrame(begin));

function begin() {
  if (document.activeElement !== document.body) return;
  const fields = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")];
  (fields.find((field) => !field.value) ?? fields[0])?.focus();
}
