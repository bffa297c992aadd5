// While a page is fetched: says how far it is, and goes on to the form when it is here.
const EVERY_MS = 1000;
// A server that is being restarted, a line that is gone: asked again, more slowly.
const PATIENT_MS = 4000;

const card = document.querySelector("[data-capture]");
const words = card.querySelector("[data-words]");
const said = card.querySelector("[data-said]");
const steps = [...card.querySelectorAll("[data-step]")];
let state = "";
// Somebody presses Stop: what the page asks meanwhile must not lead elsewhere.
let leaving = false;
addEventListener("submit", () => { leaving = true; });

ask();

async function ask() {
  let wait = EVERY_MS;
  try {
    const response = await fetch(card.dataset.capture, { headers: { Accept: "application/json" } });
    if (leaving) return;
    // Signed out, or let go of in another window: the page itself says it best.
    if (!response.ok) return location.reload();
    const now = await response.json();
    if (leaving) return;
    if (now.next) return location.replace(now.next);
    words.textContent = now.words;
    // Aloud only once for each step, not for every kilobyte.
    if (now.state !== state) said.textContent = now.words;
    show(now.state);
  } catch {
    wait = PATIENT_MS;
  }
  setTimeout(ask, wait);
}

function show(now) {
  state = now;
  const at = steps.findIndex((step) => step.dataset.step === now);
  steps.forEach((step, index) => {
    step.classList.toggle("done", index < at);
    if (index === at) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
}
