// What words selected beside an open form do to it: fill a field, become its summary or one more quote,
// be what a field rests on. What is typed stays: a field that is filled can be undone.
import { rested } from "./rests.js";

const form = document.getElementById("the-form");
const FILLABLE = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";
// A field of words and the one beside it that keeps them as written.
const AS_WRITTEN = [[/^date$/, "date_verbatim"], [/^place$/, "place_verbatim"], [/^(figures-\d+)-how_many$/, "$1-verbatim"]];
let last = null;

function nameOf(field) {
  return field?.labels?.[0]?.firstChild.textContent.trim() ?? "";
}

/** The field of the record that an input belongs to, "" for what rests on no words. */
function pathOf(field) {
  const name = field?.name ?? "";
  const figure = /^(figures-\d+)-/.exec(name)?.[1];
  if (figure) return `figures.${form.elements[`${figure}-measure`]?.value ?? ""}`;
  const detail = /^details-([a-z_]+)/.exec(name)?.[1];
  if (detail) return `details.${detail}`;
  if (/^involvements-\d+-/.test(name)) return "involvements";
  if (/^date(_|$)/.test(name)) return "date";
  if (/^subject_place/.test(name)) return "subject_place";
  if (/^place(_|$)/.test(name)) return "place";
  return ["title", "summary"].includes(name) ? name : "";
}

function say(words) {
  const status = document.querySelector("[data-selbar-said]");
  if (status) status.textContent = words;
}

function named() {
  const words = last ? `“${nameOf(last)}”` : "";
  for (const [act, without] of [["fill", "a field"], ["rest", "A field"]]) {
    const label = document.querySelector(`[data-words-act=${act}] [data-field-named]`);
    if (label) label.textContent = words || without;
  }
}

/** Out of a fold that hides it, and onto the part of the page that shows. */
function uncovered(field) {
  for (let door = field.closest("details:not([open])"); door; door = door.parentElement.closest("details:not([open])")) door.open = true;
  if (!field.checkVisibility()) location.hash = field.id;
}

/** Over what stood there, so that Ctrl+Z brings it back. */
function written(field, words) {
  uncovered(field);
  field.focus({ preventScroll: false });
  field.select();
  const text = field.matches("textarea") ? words : words.replace(/\s+/gu, " ");
  if (!document.execCommand("insertText", false, text)) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function rowOf(field) {
  return /^citations-(\d+)-/.exec(field?.name ?? "")?.[1];
}

function fill({ words, at }) {
  const field = last?.isConnected ? last : form.querySelector("[name$='-quote']");
  if (!field) return;
  written(field, words);
  const row = /-quote$/.test(field.name) ? rowOf(field) : undefined;
  if (row !== undefined) form.elements[`citations-${row}-at`].value = at;
  for (const [pattern, other] of AS_WRITTEN) {
    const beside = pattern.test(field.name) ? form.elements[field.name.replace(pattern, other)] : null;
    if (beside && beside.value === "") beside.value = words.replace(/\s+/gu, " ");
  }
  const path = pathOf(field);
  if (path) rested(form, { words, path, field });
  say(`${nameOf(field)} is filled.`);
}

function rest({ words, at }) {
  const path = pathOf(last);
  if (!path) {
    say("Go to the field first, then select its words.");
    return;
  }
  const number = rested(form, { words, path, field: last });
  if (number) say(`“${nameOf(last)}” rests on quote ${number}.`);
  else add({ words, at, path });
}

/** The server adds the row, and looks the words up. */
function add({ words, at, path = "" }) {
  const first = form.elements["citations-0-quote"];
  const button = form.querySelector("button[name=add_row][value=citations]");
  if (first && !first.value.trim() && !path) {
    last = first;
    fill({ words, at });
    return;
  }
  if (!button) return;
  if (/^figures-\d+-/.test(last?.name ?? "") && path) {
    const own = form.elements[last.name.replace(/^(figures-\d+)-.*/, "$1-citation")];
    if (own) own.value = form.querySelectorAll("[name^='citations-'][name$='-quote']").length + 1;
  }
  forgotten();
  for (const [name, value] of Object.entries({ words, words_at: at, words_for: path })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    field.dataset.along = "";
    form.append(field);
  }
  form.requestSubmit(button);
}

/** Words of a press that came to nothing. */
function forgotten() {
  for (const field of form.querySelectorAll("[data-along]")) field.remove();
}

const ACTS = {
  fill,
  rest,
  quote: add,
  summary: ({ words }) => {
    written(form.elements.summary, words);
    say("Summary is filled.");
  },
};

if (form) {
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches(FILLABLE) && nameOf(target)) last = target;
    named();
  });
  form.addEventListener("click", (event) => event.isTrusted && event.target.closest("button") && forgotten());
  if (form.contains(document.activeElement) && document.activeElement.matches(FILLABLE)) last = document.activeElement;
  named();
  document.addEventListener("words:act", ({ detail }) => ACTS[detail.name](detail));
}
