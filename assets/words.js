// What is selected of a source's own words, and the way they go along to a form: in the body of a
// request, never in an address, which logs and histories keep.
const form = document.getElementById("with-words");
let pressed = null;

/** Words of the text, a blank line between paragraphs; `at` is where they begin in it, in code points, or "". Null when nothing is selected. */
export function selectedWords() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const parts = [];
  let at = "";
  for (const paragraph of paragraphsIn(range)) {
    const part = range.cloneRange();
    if (!paragraph.contains(range.startContainer)) part.setStart(paragraph, 0);
    if (!paragraph.contains(range.endContainer)) part.setEnd(paragraph, paragraph.childNodes.length);
    const words = own(part);
    if (!words.trim()) continue;
    if (!parts.length) at = placeOf(paragraph, part, words);
    parts.push(words.trim());
  }
  return parts.length ? { words: parts.join("\n\n"), at, range } : null;
}

/** Of a long text only those about the selection are looked at. */
function paragraphsIn(range) {
  const of = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-words] .para > p");
  const [first, last] = [of(range.startContainer), of(range.endContainer)];
  if (first && first === last) return [first];
  return [...document.querySelectorAll("[data-words] .para > p")].filter((one) => range.intersectsNode(one));
}

/** The numbers of incidents, and what stands in for words left out, are ours. */
function own(range) {
  const words = range.cloneContents();
  for (const ours of words.querySelectorAll(".qg, .left-out")) ours.remove();
  return words.textContent;
}

function placeOf(paragraph, part, words) {
  if (paragraph.dataset.start === undefined || paragraph.querySelector(".left-out")) return "";
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(part.startContainer, part.startOffset);
  const lead = words.length - words.trimStart().length;
  const length = [...own(before)].length + lead;
  return String(Number(paragraph.dataset.start) + length);
}

/** Into the form that takes them along. */
function filled({ words, at }) {
  form.elements.quote.value = words;
  form.elements.at.value = at;
}

if (form?.elements.source) {
  for (const hint of document.querySelectorAll("[data-words-hint]")) hint.hidden = false;
  // Pressing the button of a mouse may end the selection before the click comes.
  document.addEventListener("pointerdown", () => { pressed = selectedWords(); }, true);
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("a[data-with-words], [data-selbar] button[form=with-words]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const selected = selectedWords() ?? (event.detail ? pressed : null);
    if (!selected) return;
    filled(selected);
    // A button sends the form by itself.
    if (!target.matches("a")) return;
    event.preventDefault();
    form.action = begunAnew(target.href);
    form.requestSubmit();
  });
}

/** Words of one's own begin with nothing of the incident logged before them. */
function begunAnew(href) {
  const address = new URL(href);
  address.searchParams.delete("after");
  address.searchParams.delete("same");
  return address.href;
}
