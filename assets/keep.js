// Keeps what is typed while it is typed, and sends a form only when its answer will come: nothing typed
// is lost to a crash, a cut line or an ended session. Nothing of it is stored in the browser.
import { signInAgain } from "./signed_out.js";

const PAUSE_MS = 800;
// Who types without a pause is not left longer than this.
const LONGEST_MS = 2000;
// Nobody is typing any more: a question may take the focus.
const STILL_MS = 2500;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 20_000;
const ANSWER_MS = 15_000;
// A page that goes may send no more than this after itself.
const AFTERWARDS_BYTES = 60_000;

class Kept {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-kept]");
    this.sent = "keepAtOnce" in form.dataset ? "" : this.written();
    this.typedAt = 0;
    this.timer = null;
    this.wait = FIRST_WAIT_MS;
    this.trouble = false;
    this.leaving = false;
    this.passing = false;
    this.keeping = null;
    this.since = null;
    this.renewed = false;
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.typed());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.afterwards());
    addEventListener("pagehide", () => this.afterwards());
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("online", () => this.trouble && this.soon(0));
    addEventListener("beforeunload", (event) => {
      if (this.trouble && !this.leaving && this.changed()) event.preventDefault();
    });
    if (!this.sent) this.soon(0);
    document.addEventListener("submit", (event) => event.target === form && this.submitted(event));
  }

  /** The fields as they would be posted, without files. */
  written() {
    const fields = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(fields).toString();
  }

  /** Tokens change without anybody typing. */
  changed() {
    return bare(this.written()) !== bare(this.sent);
  }

  typed() {
    const now = Date.now();
    this.typedAt = now;
    this.since ??= now;
    this.wait = FIRST_WAIT_MS;
    this.soon(Math.max(0, Math.min(PAUSE_MS, this.since + LONGEST_MS - now)));
  }

  soon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.inPassing(), ms);
  }

  say(words, bad = false) {
    if (!this.status || this.status.textContent === words) return;
    this.status.textContent = words;
    this.status.classList.toggle("bad", bad);
  }

  async inPassing() {
    this.since = null;
    if (this.leaving || !this.changed()) return;
    const outcome = await this.keep();
    if (outcome === "signed out") {
      const still = STILL_MS - (Date.now() - this.typedAt);
      if (still > 0) this.soon(still);
      else if (await this.signedInAgain()) this.soon(0);
    } else if (outcome === "no connection") {
      this.say("Not kept: no connection. Trying again.", true);
      this.soon(this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    } else if (this.changed()) {
      this.soon(PAUSE_MS);
    }
  }

  /** "kept", "signed out", "no connection", or "refused" with the reason on the page. One at a time. */
  async keep() {
    while (this.keeping) await this.keeping;
    this.keeping = this.post();
    try {
      return await this.keeping;
    } finally {
      this.keeping = null;
    }
  }

  async post() {
    const body = this.written();
    let answer;
    try {
      answer = await fetch(this.form.dataset.keep, { ...posted(body), signal: AbortSignal.timeout(ANSWER_MS) });
    } catch {
      this.trouble = true;
      return "no connection";
    }
    if (answer.ok) {
      this.sent = body;
      this.trouble = false;
      this.renewed = false;
      this.wait = FIRST_WAIT_MS;
      this.say(`Kept at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`);
      return "kept";
    }
    this.trouble = true;
    // 400: the form token is of another session, unless it was made anew just now.
    if (answer.status === 401 || (answer.status === 400 && !this.renewed)) return "signed out";
    if (answer.status >= 500) return "no connection";
    const said = await answer.json().catch(() => ({}));
    this.say(`Not kept. ${said.error ?? "Save it yourself."}`, true);
    return "refused";
  }

  /** The page is going or out of sight: no answer is waited for. */
  afterwards() {
    if (this.leaving || !this.changed()) return;
    const body = this.written();
    fetch(this.form.dataset.keep, { ...posted(body), keepalive: body.length < AFTERWARDS_BYTES })
      .then((answer) => { if (answer.ok) this.sent = body; })
      .catch(() => { this.trouble = true; });
  }

  async signedInAgain() {
    try {
      if (await signInAgain(this.form.dataset.signIn, this.form.dataset.account)) {
        this.renewed = true;
        return true;
      }
      // One question serves both: what was pressed is the one to answer for.
      this.say(this.checking ? "Not sent: you are signed out." : "Not kept: you are signed out.", true);
    } catch {
      this.say("Not kept: no connection. Trying again.", true);
      this.soon(this.wait);
    }
    return false;
  }

  async submitted(event) {
    if (event.defaultPrevented) return;
    if (this.passing) {
      // Sent now, as it was pressed.
      this.passing = false;
      this.leaving = true;
      clearTimeout(this.timer);
      return;
    }
    event.preventDefault();
    if (this.checking) return;
    this.checking = true;
    const sure = await this.sure();
    this.checking = false;
    if (!sure) return;
    this.passing = true;
    this.form.requestSubmit(event.submitter);
  }

  /** Whether what is pressed will be answered: then it is sent as a browser sends it. */
  async sure() {
    for (let tries = 0; tries < 3; tries += 1) {
      const outcome = await this.answered();
      if (outcome === "no connection") {
        this.say("Not sent: no connection. What you typed stays here; send it again when there is one.", true);
        if (this.changed()) this.soon(this.wait);
        return false;
      }
      if (outcome !== "signed out") return true;
      if (!(await this.signedInAgain())) return false;
    }
    return true;
  }

  async answered() {
    if (this.changed()) return this.keep();
    try {
      const answer = await fetch(this.form.dataset.signIn, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      const now = await answer.json();
      const token = this.form.querySelector("input[name=csrf_token]");
      if (now.account !== this.form.dataset.account) return "signed out";
      if (token) token.value = now.csrf_token;
      return "kept";
    } catch {
      return "no connection";
    }
  }
}

function posted(body) {
  return { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" } };
}

function bare(written) {
  const fields = new URLSearchParams(written);
  fields.delete("csrf_token");
  return fields.toString();
}

for (const form of document.querySelectorAll("form[data-keep]")) new Kept(form);
