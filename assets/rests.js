// Beside each field of the incident's form: the quotes it rests on, as the server marked it, kept right
// while one types. A quote for which no field is named is for the whole incident.
const form = document.getElementById("the-form");
const blank = document.getElementById("a-mark");

function quotes() {
  const rows = [...form.querySelectorAll("[name^='citations-'][name$='-quote']")];
  return rows.map((field, at) => {
    const row = field.name.replace(/-quote$/, "");
    const paths = [...form.querySelectorAll(`[name="${row}-supports"]:checked`)].map((box) => box.value);
    const stance = form.elements[`${row}-stance`]?.value ?? "supports";
    const supports = field.value.trim() !== "" && ["", "supports"].includes(stance);
    return { number: at + 1, field, row, paths, supports };
  });
}

function restsOn(path, all) {
  const supporting = all.filter((quote) => quote.supports);
  if (path.startsWith("figure ")) return supporting.filter((quote) => quote.number === Number(path.slice(7)));
  const own = supporting.filter((quote) => quote.paths.includes(path));
  return own.length ? own : supporting.filter((quote) => !quote.paths.length);
}

/** Whether the field, or one of its rows, says something. */
function says(mark) {
  const of = mark.closest(".f, fieldset");
  const fields = mark.dataset.rests === "involvements" ? form.querySelectorAll("[name^='involvements-'][name$='-party']") : of.querySelectorAll("input, select, textarea");
  return [...fields].some((field) => {
    if (field.type === "hidden") return false;
    return ["checkbox", "radio"].includes(field.type) ? field.checked && field.value !== "" : field.value.trim() !== "";
  });
}

/** A figure names its quote itself. */
function pathNow(mark) {
  if (!mark.dataset.rests.startsWith("figure ")) return mark.dataset.rests;
  const field = mark.closest(".f").querySelector("[name$='-how_many']");
  return `figure ${form.elements[field?.name.replace("-how_many", "-citation")]?.value || 1}`;
}

function marked(quote) {
  const link = blank.content.firstElementChild.cloneNode(true);
  link.href = `#${quote.field.id}`;
  link.append(String(quote.number));
  return link;
}

function mark() {
  const all = quotes();
  for (const place of form.querySelectorAll("[data-rests]")) {
    const on = says(place) ? restsOn(pathNow(place), all) : null;
    const now = on?.map((quote) => quote.number).join(" ") ?? "";
    const state = on === null ? "nothing" : now || "no words";
    if (place.dataset.state === state) continue;
    place.dataset.state = state;
    if (on === null) place.replaceChildren();
    else if (on.length) place.replaceChildren(...on.map(marked));
    else place.replaceChildren(noWords());
  }
}

function noWords() {
  const words = document.createElement("span");
  words.className = "nomark";
  words.textContent = "no words quoted";
  return words;
}

const plain = (words) => words.replace(/\s+/gu, " ").trim();

/**
 * Lets a field rest on the quote that holds these words: its number, or 0 when none of this form does.
 * A quote for the whole incident is not narrowed: the field rests on it as it is.
 */
export function rested(of, { words, path, field }) {
  const holding = quotes().find((quote) => quote.supports && plain(quote.field.value).includes(plain(words)));
  if (!holding) return 0;
  const figure = /^(figures-\d+)-/.exec(field?.name ?? "")?.[1];
  if (figure && of.elements[`${figure}-citation`]) of.elements[`${figure}-citation`].value = holding.number;
  const box = [...of.querySelectorAll(`[name="${holding.row}-supports"]`)].find((one) => one.value === path);
  if (box && holding.paths.length && !box.checked) {
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  mark();
  return holding.number;
}

if (form && blank) {
  let timer = null;
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(mark, 100);
    });
  }
}
