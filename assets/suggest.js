// Offers what is known while one types: an ARIA combobox over a field whose data-suggest is the
// address that knows. Choosing fills the field, and the hidden one that data-suggest-id names with the
// id; editing the text afterwards takes the id back. The field stays an ordinary one throughout.
//   data-suggest-with       "role=involvements-0-role …": other fields of the form to send along
//   data-suggest-box        the box that says whether the party is protected: shown as the server says
//   data-suggest-untouched  the hidden field that says nobody has decided about the box yet
import Combobox from "@github/combobox-nav";
import { lineOf } from "./understood.js";

const PAUSE_MS = 120;
const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
const known = new WeakMap();
let lists = 0;

class Suggest {
  constructor(input) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = `suggest-${++lists}`;
    this.list.className = "offers";
    this.list.setAttribute("role", "listbox");
    const label = input.labels?.[0];
    if (label) this.list.setAttribute("aria-label", label.firstChild.textContent.trim());
    this.list.hidden = true;
    input.after(this.list);
    // Two lists would show at once; without scripts the other one is all there is.
    input.removeAttribute("list");
    input.setAttribute("autocomplete", "off");
    this.combobox = new Combobox(input, this.list, { tabInsertsSuggestions: false });
    this.open = false;
    this.asking = null;
    this.timer = null;
    this.items = new Map();
    this.decided = false;
    this.listen();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", (event) => event.isTrusted && this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("click", () => !this.open && input.value === "" && this.ask(true));
    input.addEventListener("blur", () => this.close());
    // A press on the list must not take the focus from the field.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("combobox-commit", ({ target }) => this.take(this.items.get(target)));
    for (const [, field] of this.beside()) field.addEventListener("change", () => this.besideChanged(field));
  }

  typed() {
    this.setId("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(true), PAUSE_MS);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && !this.open && !event.altKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.ask(true, true);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && this.open) {
      // The first Enter is the list's: it never sends the form.
      event.preventDefault();
      if (!this.current()) this.close();
    } else if (event.key === "Tab" && this.open && !event.shiftKey) {
      this.current()?.click();
    }
  }

  current() {
    return this.list.querySelector("[aria-selected=true]");
  }

  /** Only the answer to the last question counts. `showing` false asks for the words beneath alone. */
  async ask(showing, first = false) {
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const text = this.input.value;
    let items;
    try {
      const response = await fetch(this.address(text), {
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: asking.signal,
      });
      // Signed out, or the address is not there: an ordinary field.
      if (!response.ok) return;
      items = await response.json();
    } catch {
      return;
    }
    if (asking.signal.aborted || this.input.value !== text) return;
    this.answered(items, showing && document.activeElement === this.input, first);
  }

  answered(items, showing, first) {
    const said = items.find((item) => item.kind === "said");
    if (!this.id()) this.say(said);
    if (showing) this.show(items.filter((item) => item.kind !== "said"), first);
  }

  address(text) {
    const address = new URL(this.input.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    for (const [name, field] of this.beside()) {
      address.searchParams.set(name, field.type === "checkbox" ? Number(field.checked) : field.value);
    }
    return address;
  }

  beside() {
    const pairs = (this.input.dataset.suggestWith ?? "").split(" ").filter(Boolean);
    return pairs
      .map((pair) => pair.split("="))
      .map(([name, of]) => [name, this.field(of)])
      .filter(([, field]) => field instanceof HTMLElement);
  }

  field(name) {
    return name ? this.input.form?.elements.namedItem(name) : null;
  }

  besideChanged(field) {
    if (field === this.field(this.input.dataset.suggestBox)) {
      this.decided = true;
      const untouched = this.field(this.input.dataset.suggestUntouched);
      if (untouched) untouched.value = "";
    }
    if (this.input.value !== "" && !this.id()) this.ask(false);
  }

  show(items, first) {
    this.close();
    this.items.clear();
    this.list.replaceChildren(...items.map((item, number) => this.option(item, number)));
    tell(items.length);
    if (items.length === 0) return;
    this.list.hidden = false;
    this.list.classList.toggle("above", this.isCramped());
    this.list.scrollTop = 0;
    this.open = true;
    this.combobox.start();
    if (first) this.combobox.navigate(1);
  }

  option(item, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.setAttribute("role", "option");
    if (item.kind === "new") option.className = "new";
    const label = document.createElement("span");
    label.className = "main-line";
    label.dir = "auto";
    label.textContent = item.label;
    option.append(label);
    if (item.detail) {
      const detail = document.createElement("span");
      detail.className = "help";
      detail.dir = "auto";
      detail.append(...parts(item.detail));
      option.append(detail);
    }
    this.items.set(option, item);
    return option;
  }

  /** Whether there is more room above the field than below it, and too little below. */
  isCramped() {
    const field = this.input.getBoundingClientRect();
    const frame = this.input.closest(".scroll");
    const scrolls = frame && getComputedStyle(frame).overflowY === "auto" ? frame.getBoundingClientRect() : null;
    const below = Math.min(scrolls?.bottom ?? innerHeight, innerHeight) - field.bottom;
    const above = field.top - Math.max(scrolls?.top ?? 0, 0);
    return below < this.list.offsetHeight + 8 && above > below;
  }

  close() {
    clearTimeout(this.timer);
    if (!this.open) return;
    this.open = false;
    this.combobox.stop();
    this.list.hidden = true;
  }

  take(item) {
    if (!item) return;
    this.asking?.abort();
    this.close();
    this.input.value = item.value;
    this.setId(item.id ?? "");
    this.input.setSelectionRange(item.value.length, item.value.length);
    for (const kind of ["input", "change"]) this.input.dispatchEvent(new Event(kind, { bubbles: true }));
    this.say(item.echo === undefined ? null : { ...item, label: item.echo });
    this.input.dispatchEvent(new CustomEvent("suggest:chosen", { bubbles: true, detail: item }));
  }

  ids() {
    const name = this.input.dataset.suggestId;
    if (!name || !this.input.form) return [];
    return [...this.input.form.elements].filter((field) => field.name === name);
  }

  id() {
    return this.ids().some((field) => field.value !== "" && (field.type !== "radio" || field.checked));
  }

  /** Radios stand in the place of the hidden field where the server asked which one is meant. */
  setId(id) {
    const fields = this.ids();
    let taken = false;
    for (const field of fields) {
      if (field.type === "radio") {
        field.checked = id !== "" && field.value === String(id);
        taken ||= field.checked;
      } else {
        field.value = taken ? "" : id;
        taken = true;
      }
    }
    if (taken || id === "" || !this.input.dataset.suggestId) return;
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = this.input.dataset.suggestId;
    hidden.value = id;
    this.input.after(hidden);
  }

  /** What the field means now, and the box beside it as that asks for. */
  say(item) {
    const line = lineOf(this.input);
    line.textContent = item?.label ?? "";
    line.hidden = line.textContent === "";
    line.classList.remove("wrong");
    const box = this.field(this.input.dataset.suggestBox);
    if (!box || this.decided || item?.protect === undefined) return;
    const untouched = this.field(this.input.dataset.suggestUntouched);
    // A new party's box is only ever ticked for it; a known one's shows how that one is.
    if (item.privacy !== undefined) box.checked = item.protect;
    else if (item.protect && untouched?.value === "1") box.checked = true;
    else return;
    if (untouched) untouched.value = box.checked ? "" : "1";
  }
}

/** Each part by itself, so that a mirrored line can't reorder it; a reference never breaks. */
function parts(detail) {
  return detail.split(" · ").flatMap((words, number) => {
    const part = document.createElement("bdi");
    part.textContent = words;
    if (/\b(INC|SRC)-\d/.test(words)) part.className = "nowrap";
    return number ? [" · ", part] : [part];
  });
}

/** How many there are, for who can't see the list. */
function tell(count) {
  let status = document.getElementById("suggest-count");
  if (status === null) {
    status = document.createElement("div");
    status.id = "suggest-count";
    status.className = "vh";
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  const many = NUMBERS[count] ?? String(count);
  status.textContent = `${many} suggestion${count === 1 ? "" : "s"}.${count ? " Arrow keys choose." : ""}`;
}

function enhance(input) {
  if (!known.has(input)) known.set(input, new Suggest(input));
}

document.querySelectorAll("input[data-suggest]").forEach(enhance);
// Rows that came later.
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.suggest) enhance(target);
});
