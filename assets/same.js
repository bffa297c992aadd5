// While an address is typed: says under the field when a source stands there already, and offers to
// part an archive's address into the page's and the copy's.
const PAUSE_MS = 400;

for (const field of document.querySelectorAll("input[data-same]")) {
  const told = document.createElement("div");
  told.className = "told-same";
  told.setAttribute("role", "status");
  field.after(told);
  let waiting;
  let asked = 0;
  const ask = () => look(field, told, ++asked, () => asked);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener("change", ask);
  // A form that came back with an error says the same above it.
  if (field.value && !document.querySelector(".note.same")) ask();
}

async function look(field, told, number, newest) {
  const url = field.value.trim();
  if (!/^https?:\/\/./i.test(url)) {
    told.replaceChildren();
    return;
  }
  const address = new URL(field.dataset.same, location.href);
  address.searchParams.set("url", url);
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok || number !== newest()) return;
    const { sources, page } = await response.json();
    const archived = document.querySelector("input[name=archive_url]");
    told.replaceChildren(
      ...(page && archived ? [parting(field, archived, page, told)] : []),
      ...sources.map(known),
    );
  } catch {
    // Nothing is lost without it: the server asks before anything is kept.
  }
}

function known(source) {
  const link = element("a", source.reference, "ref");
  link.href = source.url;
  link.target = "_blank";
  const title = element("b", source.title);
  title.dir = "auto";
  const line = element("p", "", "");
  line.append("Here already: ", link, " ", title, `. ${source.told}`);
  return line;
}

function parting(field, archived, page, told) {
  const line = element("p", "", "row");
  const words = element("span", "This is a copy in a web archive, of ");
  words.append(isolated(page), ".");
  const button = element("button", "Give the page’s own address", "b sm");
  button.type = "button";
  button.addEventListener("click", () => {
    if (!archived.value.trim()) archived.value = field.value.trim();
    archived.closest("details")?.setAttribute("open", "");
    field.value = page;
    told.replaceChildren();
    for (const one of [field, archived]) {
      one.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
  });
  line.append(words, button);
  return line;
}

function isolated(text) {
  const part = element("bdi", text);
  part.className = "address";
  return part;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
