// How far a text has been read: the furthest paragraph that was on the screen for a moment, told to the
// server in passing. And, on a narrow window, which of the page's two parts shows.
const STILL_MS = 1000;
const PAUSE_MS = 4000;
const text = document.querySelector("[data-read-to]");

class Reading {
  constructor() {
    this.paragraphs = [...text.querySelectorAll(".para > p[data-start]")];
    this.furthest = text.dataset.readFurthest === undefined ? -1 : Number(text.dataset.readFurthest);
    this.told = this.furthest;
    this.still = null;
    this.timer = null;
    addEventListener("scroll", () => this.moved(), { passive: true });
    addEventListener("pagehide", () => this.tell());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.tell() : this.moved()));
    this.moved();
  }

  moved() {
    clearTimeout(this.still);
    this.still = setTimeout(() => this.look(), STILL_MS);
  }

  look() {
    if (document.hidden || !text.checkVisibility()) return;
    const last = this.lastSeen();
    if (!last || Number(last.dataset.start) <= this.furthest) return;
    this.furthest = Number(last.dataset.start);
    this.shown();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE_MS);
  }

  /** By halves: a long text has thousands. */
  lastSeen() {
    let [low, high] = [0, this.paragraphs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.paragraphs[middle].getBoundingClientRect().bottom <= innerHeight) low = middle + 1;
      else high = middle;
    }
    return this.paragraphs[low - 1];
  }

  shown() {
    const bar = document.querySelector("[data-reached]");
    const words = document.querySelector("[data-reached-words]");
    if (!bar || !words) return;
    const lengths = this.paragraphs.map((one) => one.textContent.length);
    const read = lengths.filter((_, at) => Number(this.paragraphs[at].dataset.start) <= this.furthest);
    const sum = (all) => all.reduce((one, other) => one + other, 0);
    const part = sum(read) / (sum(lengths) || 1);
    bar.setAttribute("width", String(Math.round(part * 10_000) / 10));
    words.textContent = part >= 1 ? "you came to the end" : `you read to ${Math.min(99, Math.round(part * 100))} %`;
  }

  tell() {
    clearTimeout(this.timer);
    if (this.furthest === this.told) return;
    this.told = this.furthest;
    const body = new URLSearchParams({ csrf_token: text.dataset.readToken, copy: text.dataset.readCopy, furthest: this.furthest });
    // Whether it arrives or not: nothing that was typed hangs on it.
    fetch(text.dataset.readTo, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => {});
  }
}

if (text) new Reading();

const tabs = [...document.querySelectorAll(".parts a")];
const places = new Map();
let shown = null;

/** What the page is called stands above either part: the pane is what comes and goes. */
function mark() {
  const [first, other] = tabs;
  const now = document.querySelector(other.hash).checkVisibility() ? other : first;
  for (const tab of tabs) {
    if (tab === now) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  return now;
}

if (tabs.length) {
  shown = mark();
  // Where the address leads to is known only once all is there.
  addEventListener("load", () => { shown = mark(); });
  for (const tab of tabs) {
    tab.addEventListener("click", () => { if (shown) places.set(shown, scrollY); });
  }
  addEventListener("hashchange", () => {
    const now = mark();
    const tab = tabs.find((one) => one.hash === location.hash);
    if (tab && tab === now && tab !== shown) scrollTo(0, places.get(tab) ?? 0);
    shown = now;
  });
  addEventListener("resize", () => { shown = mark(); });
  // The words the form quotes, or those logged just now: one goes on where one was.
  const after = new URLSearchParams(location.search).get("after");
  const here = document.getElementById("words-here") ?? (after && document.getElementById(after));
  if (here && !here.closest(".pane") && !location.hash && here.checkVisibility()) here.scrollIntoView({ block: "center" });
}
