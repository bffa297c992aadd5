// Words selected in a source's text go along to a new incident's form as its quote: in the body of a
// request, never in an address, which logs and histories keep.
const form = document.getElementById("with-words");
let selected = "";

/** What is selected of the source's own words, a blank line between paragraphs; "" when nothing is. */
function selectedWords() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return "";
  const range = selection.getRangeAt(0);
  const parts = [];
  for (const paragraph of document.querySelectorAll("[data-words] .para > p")) {
    if (!range.intersectsNode(paragraph)) continue;
    const part = range.cloneRange();
    if (!paragraph.contains(range.startContainer)) part.setStart(paragraph, 0);
    if (!paragraph.contains(range.endContainer)) part.setEnd(paragraph, paragraph.childNodes.length);
    const words = part.cloneContents();
    // The numbers of incidents, and what stands in for words left out, are ours.
    for (const ours of words.querySelectorAll(".qg, .left-out")) ours.remove();
    parts.push(words.textContent.trim());
  }
  return parts.filter(Boolean).join("\n\n");
}

if (form) {
  for (const hint of document.querySelectorAll("[data-words-hint]")) hint.hidden = false;
  // Pressing the button of a mouse may end the selection before the click comes.
  document.addEventListener("pointerdown", () => { selected = selectedWords(); }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-with-words]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    // On the page that asks for the type, what came with it goes on.
    const words = selectedWords() || (event.detail && selected) || form.elements.quote.defaultValue;
    if (!words) return;
    event.preventDefault();
    form.action = link.href;
    form.elements.quote.value = words;
    form.requestSubmit();
  });
}
