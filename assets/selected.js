// The bar beside words that are selected in a text: what can be done with them. It stands below them or
// above, never over them; on a narrow window at the bottom. A toolbar: one stop of Tab, arrows within.
import { selectedWords } from "./words.js";

const PAUSE_MS = 150;
const GAP = 8;
const bar = document.querySelector("[data-selbar]");
const said = document.querySelector("[data-selbar-said]");
let pointing = false;
let timer = null;
// The words it was closed over: they stay selected, and it stays closed until others are.
let dismissed = "";
let cameFrom = null;

function items() {
  return [...bar.querySelectorAll("a, button")].filter((item) => item.checkVisibility());
}

function look() {
  if (pointing) return;
  const selected = bar.contains(document.activeElement) ? null : selectedWords();
  if (bar.contains(document.activeElement)) return;
  if (!selected) {
    dismissed = "";
    hide();
  } else if (selected.words !== dismissed) {
    show(selected);
  }
}

function show({ words, range }) {
  const opened = bar.hidden;
  bar.hidden = false;
  document.dispatchEvent(new CustomEvent("words:selected"));
  place(range);
  rove(items()[0]);
  if (opened) {
    const count = words.split(/\s+/u).filter(Boolean).length;
    said.textContent = `${count} word${count === 1 ? "" : "s"} selected. ${bar.dataset.hint ?? ""}`;
  }
}

function hide() {
  if (bar.hidden) return;
  bar.hidden = true;
  said.textContent = "";
  closeList();
}

function place(range) {
  const rects = [...range.getClientRects()].filter((rect) => rect.width && rect.height);
  if (!rects.length) return;
  const top = Math.min(...rects.map((rect) => rect.top));
  const bottom = Math.max(...rects.map((rect) => rect.bottom));
  const docked = getComputedStyle(bar).position === "fixed";
  bar.classList.remove("placed");
  if (docked) {
    const covered = bottom + GAP - (innerHeight - bar.offsetHeight);
    if (covered > 0) scrollBy(0, Math.min(covered, Math.max(top - 120, 0)));
    return;
  }
  const host = bar.offsetParent.getBoundingClientRect();
  const ceiling = document.querySelector(".cover")?.getBoundingClientRect().bottom ?? 52;
  const fitsBelow = bottom + GAP + bar.offsetHeight <= innerHeight;
  const fitsAbove = top - GAP - bar.offsetHeight >= Math.max(ceiling, 52);
  const above = !fitsBelow && fitsAbove;
  bar.style.insetBlockStart = `${(above ? top - GAP - bar.offsetHeight : bottom + GAP) - host.top}px`;
  const last = above ? rects[0] : rects.at(-1);
  const start = Math.max(0, Math.min(last.left - host.left, host.width - bar.offsetWidth));
  bar.style.left = `${start}px`;
  if (!fitsBelow && !fitsAbove) scrollBy(0, bottom + GAP + bar.offsetHeight - innerHeight);
}

/** One stop of Tab. */
function rove(to) {
  for (const item of bar.querySelectorAll("a, button")) item.tabIndex = item === to ? 0 : -1;
}

function go(to) {
  rove(to);
  to?.focus();
}

function closeList() {
  const opener = bar.querySelector("[data-opens]");
  if (!opener) return;
  document.getElementById(opener.dataset.opens).hidden = true;
  opener.setAttribute("aria-expanded", "false");
}

/** Its key may come before the bar does. */
function listAsked(opener) {
  const selected = bar.hidden ? selectedWords() : null;
  if (selected) show(selected);
  if (!bar.hidden) listOpened(opener);
}

function listOpened(opener) {
  const list = document.getElementById(opener.dataset.opens);
  list.hidden = !list.hidden;
  opener.setAttribute("aria-expanded", String(!list.hidden));
  // Taller now: the words stay in sight.
  const selected = selectedWords();
  if (selected) place(selected.range);
  if (!list.hidden) go(list.querySelector("button"));
}

function moreShown(button) {
  for (const item of bar.querySelectorAll("[data-more]")) item.hidden = false;
  button.hidden = true;
  go(bar.querySelector("[data-more]"));
}

function keyed(event) {
  const all = items();
  const at = all.indexOf(document.activeElement);
  const mirrored = getComputedStyle(bar).direction === "rtl";
  const steps = { ArrowDown: 1, ArrowUp: -1, ArrowRight: mirrored ? -1 : 1, ArrowLeft: mirrored ? 1 : -1 };
  if (event.key in steps) go(all[(at + steps[event.key] + all.length) % all.length]);
  else if (event.key === "Home") go(all[0]);
  else if (event.key === "End") go(all.at(-1));
  else return;
  event.preventDefault();
  // Not the page's own keys.
  event.stopPropagation();
}

function escaped(event) {
  if (event.key !== "Escape" || bar.hidden) return;
  event.preventDefault();
  event.stopPropagation();
  const within = bar.contains(document.activeElement);
  dismissed = selectedWords()?.words ?? "";
  hide();
  if (within) (cameFrom?.isConnected ? cameFrom : document.activeElement).focus?.();
}

if (bar) {
  document.addEventListener("pointerdown", (event) => { pointing = !bar.contains(event.target); }, true);
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => { pointing = false; later(); }, true);
  }
  document.addEventListener("selectionchange", later);
  // Capturing: before a field or a menu takes it for itself.
  document.addEventListener("keydown", escaped, true);
  // A press on the bar must not take the selection from the words.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("keydown", keyed);
  bar.addEventListener("focusin", ({ relatedTarget }) => { if (!bar.contains(relatedTarget)) cameFrom = relatedTarget; });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-show-more]")) moreShown(button);
    else if (button?.dataset.opens) listAsked(button);
    else if (button?.dataset.wordsAct) act(button.dataset.wordsAct);
  });
}

function act(name) {
  const selected = selectedWords();
  if (!selected) return;
  document.dispatchEvent(new CustomEvent("words:act", { detail: { name, words: selected.words, at: selected.at } }));
  dismissed = selected.words;
  hide();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
}
