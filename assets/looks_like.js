// Says of the words selected in a text which type they look like, and by which words: a hint in the bar
// beside them. They go in the body of a request, never in an address.
import { selectedWords } from "./words.js";

const PAUSE_MS = 250;
const line = document.querySelector("[data-looks-like]");
const form = document.getElementById("with-words");
let timer = null;
let asked = "";

async function ask() {
  const words = selectedWords()?.words ?? "";
  if (!words || words === asked) return;
  asked = words;
  line.textContent = "";
  let answer;
  try {
    const body = new URLSearchParams({ quote: words, csrf_token: form.elements.csrf_token.value });
    const response = await fetch(line.dataset.looksLike, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    answer = await response.json();
  } catch {
    return;
  }
  if (words !== asked) return;
  const [first, second] = answer.types;
  line.textContent = first ? `Looks like: ${first.said}${second ? `, or ${second.label.toLowerCase()}` : ""}` : "";
}

if (line && form?.elements.csrf_token) {
  document.addEventListener("words:selected", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}
