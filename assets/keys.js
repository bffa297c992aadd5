// Presses what carries a key: data-key on links and buttons, as incidents/web/keys.py gave them out.
// A page whose reader switched keys off carries none.

// How long a first key waits for its second.
const SECOND_MS = 1500;
const SIGNS = { Slash: ["/", "?"], Period: [".", ">"], Comma: [",", "<"], BracketLeft: ["[", "["], BracketRight: ["]", "]"] };
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=file], [type=submit], [type=button]), textarea, select, [contenteditable]";

const dialog = document.getElementById("keys");
let first = null;
let waiting = null;
// Where a key took the focus to, and from where.
let moved = null;

/** "n", "/", "ctrl+s": what was pressed, on any keyboard; null for what is no key of ours. */
function pressed(event) {
  const { key, code } = event;
  let name = key.toLowerCase();
  // Another script's letter: the key that lies where the Latin one does.
  if (key.length === 1 && key > "~") name = SIGNS[code]?.[Number(event.shiftKey)] ?? /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  if (!name) return null;
  if (event.getModifierState("AltGraph")) return /^[^a-z]$/.test(name) ? name : null;
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : `ctrl+${name}`;
  return event.shiftKey && /^[a-z]$|../.test(name) ? null : name;
}

function isSeen(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

function isBehindDoor(element) {
  const door = element.closest("details:not([open])");
  return door !== null && isSeen(door.querySelector(":scope > summary"));
}

/** What carries this key: the page's own before the bar's, what is seen before what can be. */
function carrying(name, value) {
  const all = [...document.querySelectorAll(`[${name}="${CSS.escape(value)}"]`)];
  const own = all.filter((element) => element.closest("main"));
  const near = own.length ? own : all;
  return near.find(isSeen) ?? near.find(isBehindDoor) ?? near[0];
}

/** Opens what hides it. */
function uncover(element) {
  for (let door = element.closest("details:not([open])"); door; door = door.parentElement.closest("details:not([open])")) {
    const summary = door.querySelector(":scope > summary");
    if (isSeen(summary)) door.open = true;
  }
}

function takeFocus(element) {
  if (!element) return;
  moved = { from: document.activeElement, to: element };
  uncover(element);
  element.focus();
  if (element.matches("input")) element.select();
}

function focusInto(element) {
  if (!element.matches("form")) return takeFocus(element);
  // A form behind a link to itself: follow it first.
  const door = element.querySelector(`:scope > a[href="#${element.id}"]`);
  if (door && isSeen(door)) door.click();
  return takeFocus([...element.querySelectorAll("input:not([type=hidden]), select, summary, button")].find(isSeen));
}

function press(element) {
  if (element.matches(TYPED_INTO)) return takeFocus(element);
  return element.click();
}

/** From the one that has the focus, or to the first that is on the screen. */
function step(element, by) {
  const items = [...element.querySelectorAll(element.dataset.keyItems)].filter(isSeen);
  const at = items.indexOf(document.activeElement);
  const next = at === -1 ? items.find((item) => item.getBoundingClientRect().top >= 0) ?? items.at(-1) : items[at + by];
  next?.focus();
}

const WAYS = { "": press, "-focus": focusInto, "-next": (one) => step(one, 1), "-previous": (one) => step(one, -1) };
// Held down, only these go on.
const STEPS = ["-next", "-previous"];

/** Whether something on the page carries it. */
function isDone(value, held) {
  for (const [way, act] of Object.entries(WAYS)) {
    const element = carrying(`data-key${way}`, value);
    if (!element) continue;
    if (!held || STEPS.includes(way)) act(element);
    return true;
  }
  return false;
}

function isBeginning(value) {
  return document.querySelector(`[data-key^="${CSS.escape(value)} "]`) !== null;
}

function forget() {
  clearTimeout(waiting);
  first = null;
}

/** A menu that is open, or a field a key led to: back to where the focus was. */
function leave(event) {
  if (document.querySelector("dialog[open]")) return;
  const led = moved?.to === document.activeElement ? moved : null;
  const menu = document.activeElement.closest("details.drop[open]") ?? document.querySelector("details.drop[open]");
  if (!led && !menu) return;
  event.preventDefault();
  moved = null;
  if (menu) menu.open = false;
  if (!led) menu.querySelector("summary").focus();
  else if (led.from.isConnected && led.from !== document.body && isSeen(led.from)) led.from.focus();
  else document.activeElement.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") {
    forget();
    leave(event);
    return;
  }
  const value = pressed(event);
  const typing = event.target.closest?.(TYPED_INTO);
  if (!value || (typing && !value.startsWith("ctrl+"))) return;
  if (document.querySelector("dialog[open]")) {
    if (value === "?" && dialog?.open) {
      event.preventDefault();
      dialog.close();
    }
    return;
  }
  const sequence = first && `${first} ${value}`;
  forget();
  if (isDone(sequence ?? value, event.repeat)) {
    event.preventDefault();
  } else if (!sequence && isBeginning(value)) {
    event.preventDefault();
    first = value;
    waiting = setTimeout(forget, SECOND_MS);
  }
});

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-key="?"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    // Closing gives the focus back to where it was.
    dialog.showModal();
  });
}
