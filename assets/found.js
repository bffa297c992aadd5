// What the quoted words suggest for a field: its button fills the field in place, and the lines follow
// the words while they are typed. The server finds; nothing is filled without a press.
const form = document.getElementById("the-form");
const all = form?.querySelector("[data-found-from]");
const PAUSE_MS = 500;
let timer = null;
let asked = 0;

const offersAt = (place) => [...place.querySelectorAll("[data-fills]")];
const fillsOf = (button) => JSON.parse(button.dataset.fills);
const mainOf = (button) => form.elements[fillsOf(button)[0][0]];

function uncovered(field) {
  for (let door = field.closest("details:not([open])"); door; door = door.parentElement.closest("details:not([open])")) door.open = true;
}

/** Over what stood there, so that Ctrl+Z brings it back. */
function written(field, value) {
  if (field.type === "hidden" || field.matches("select")) {
    field.value = value;
  } else {
    uncovered(field);
    field.focus({ preventScroll: true });
    field.select();
    if (!document.execCommand("insertText", false, value)) field.value = value;
    if (field.value !== value) field.value = value;
  }
}

/** As the server does it: what was typed stays, unless it is the field that was asked for. */
function use(button) {
  const others = offersAt(button.closest("[data-found]")).filter((one) => one !== button).flatMap(fillsOf);
  const changed = [];
  for (const [name, value, how] of fillsOf(button)) {
    const field = form.elements[name];
    if (!field) continue;
    const offered = others.some(([other, offer]) => other === name && offer === field.value);
    if (how === "blank" && field.value.trim() !== "" && !offered) continue;
    if (how === "main") written(field, value);
    changed.push([field, value]);
  }
  // Writing into a field forgets what was chosen in it: what goes with it is set afterwards.
  for (const [field, value] of changed) {
    if (field.value !== value) field.value = value;
  }
  for (const [field] of changed) field.dispatchEvent(new Event("change", { bubbles: true }));
  for (const [field, value] of changed) {
    if (field.type === "hidden") field.value = value;
  }
}

/** The next field one has to say something in: when, where, what the type needs, how many, who. */
function onward(from) {
  const wanted = [...form.querySelectorAll("#date, #place, [data-needed], [name='figures-0-how_many'], [name^='involvements-'][name$='-party']")];
  const empty = wanted.filter((field) => field.value.trim() === "" && field.checkVisibility());
  const after = empty.find((field) => from.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
  (after ?? empty[0] ?? from).focus();
}

/** A key means the field in hand; without one the first that is empty. */
function meant(pressed) {
  const buttons = offersAt(form);
  const own = buttons.find((button) => mainOf(button) === document.activeElement);
  const empty = buttons.filter((button) => mainOf(button)?.value.trim() === "");
  return own ?? empty.find((button) => button.matches("[data-of-words]")) ?? empty[0] ?? pressed;
}

function firstOfEmpty() {
  const places = [...form.querySelectorAll("[data-found]")];
  return places.map((place) => offersAt(place).find((one) => one.matches("[data-of-words]"))).filter((one) => one && mainOf(one)?.value.trim() === "");
}

function pressed(event) {
  const button = event.target.closest?.("[data-fills], [data-use-all]");
  if (!button || !form.contains(button)) return;
  event.preventDefault();
  const chosen = button.matches("[data-use-all]") ? firstOfEmpty() : [event.isTrusted ? button : meant(button)];
  for (const one of chosen) use(one);
  const last = chosen.at(-1);
  // After all of them one goes to the first that is empty yet.
  if (last) onward(button.matches("[data-use-all]") ? all : mainOf(last) ?? last);
  ask(0);
}

function ask(pause = PAUSE_MS) {
  clearTimeout(timer);
  timer = setTimeout(refresh, pause);
}

async function refresh() {
  const mine = ++asked;
  let page;
  try {
    const response = await fetch(all.dataset.foundFrom, { method: "POST", body: new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")) });
    if (!response.ok || response.redirected) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return;
  }
  if (mine !== asked) return;
  const lines = new Map([...page.querySelectorAll("[data-found]")].map((one) => [one.dataset.found, one]));
  for (const place of form.querySelectorAll("[data-found]")) {
    // Whoever stands on a line is not moved off it.
    if (place.contains(document.activeElement)) continue;
    place.replaceChildren(...(lines.get(place.dataset.found)?.childNodes ?? []));
  }
}

if (all) {
  form.addEventListener("click", pressed);
  form.addEventListener("input", ({ target }) => {
    if (/^citations-\d+-quote$|-measure$/.test(target.name)) ask();
  });
  form.addEventListener("change", ({ target }) => {
    if (/^citations-\d+-(quote|source)$|-measure$|^date$|-how_many$|^place$|-party$/.test(target.name)) ask(0);
  });
}
