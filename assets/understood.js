// Says under a field how its date or number is read, while it is typed. The server reads: there is
// one set of rules. A field asks for it by data-read, the address that answers.
const PAUSE_MS = 300;
const waiting = new WeakMap();

document.addEventListener("focusin", ({ target }) => {
  if (target.dataset?.read) lineOf(target);
});
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.read) return;
  clearTimeout(waiting.get(target));
  waiting.set(target, setTimeout(() => tell(target, false), PAUSE_MS));
});
document.addEventListener("change", ({ target }) => {
  if (!target.dataset?.read) return;
  clearTimeout(waiting.get(target));
  tell(target, true);
});

// What is wrong is said only once the field is left: half a date is no mistake.
async function tell(field, left) {
  const text = field.value;
  const address = new URL(field.dataset.read, location.href);
  address.searchParams.set("text", text);
  const source = field.form?.elements["citations-0-source"];
  if (source) address.searchParams.set("source", source.value ?? "");
  let answer;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return;
  }
  if (field.value !== text) return;
  // They asked about the words that stood there before.
  field.closest(".f").querySelector(".which-day")?.remove();
  const line = lineOf(field);
  const problem = left ? (answer.problem ?? "") : "";
  line.textContent = answer.said ?? problem;
  line.classList.toggle("wrong", !answer.said && problem !== "");
  line.hidden = line.textContent === "";
}

// The line the server wrote, or a new one. It is there before it speaks, so that it is read out.
export function lineOf(field) {
  const id = `${field.id}-echo`;
  let line = document.getElementById(id);
  if (line === null) {
    line = document.createElement("p");
    line.id = id;
    line.className = "said";
    line.hidden = true;
    field.closest(".f").append(line);
    const described = field.getAttribute("aria-describedby");
    field.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
  }
  line.setAttribute("aria-live", "polite");
  return line;
}
