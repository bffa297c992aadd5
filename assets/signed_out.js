// Signs the same person in again without leaving the page: what is typed on it stays where it is.
let asking = null;

/** True once this browser is signed in as that account and every form here has a good token; false when
 *  the person said "not now". Throws when there is no connection. */
export function signInAgain(address, account) {
  asking ??= settle(address, account).finally(() => { asking = null; });
  return asking;
}

async function settle(address, account) {
  const now = await who(address);
  if (now.account === account) {
    renew(now.csrf_token);
    return true;
  }
  return ask(address, account, now);
}

async function who(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new TypeError("no answer");
  return answer.json();
}

function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
}

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function ask(address, account, now) {
  const name = made("input", { id: "again-name", value: account, autocomplete: "username", readonly: "" });
  const password = made("input", { id: "again-password", type: "password", autocomplete: "current-password", "aria-describedby": "again-told" });
  const told = made("p", { id: "again-told", class: "msg", role: "alert" });
  const go = made("button", { class: "b main", type: "submit" }, "Sign in and go on");
  const later = made("button", { class: "b quiet", type: "button" }, "Not now");
  const why = now.account
    ? `This browser is signed in as ${now.account} now. What is typed here is ${account}’s, and still here: sign in as ${account} to go on.`
    : "What you typed is still here. Type your password to go on.";
  const form = made("form", { novalidate: "" },
    made("h2", { id: "again-title" }, now.account ? "Somebody else is signed in" : "You are signed out"),
    made("p", { dir: "auto" }, why),
    made("div", { class: "f" }, made("label", { for: "again-name" }, "Name"), name),
    made("div", { class: "f" }, made("label", { for: "again-password" }, "Password"), told, password),
    made("div", { class: "row" }, go, later));
  const dialog = made("dialog", { class: "again", "aria-labelledby": "again-title" }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let done = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (go.disabled) return;
      go.disabled = true;
      told.textContent = await refusal(address, account, password.value);
      go.disabled = false;
      done = told.textContent === "";
      if (done) dialog.close();
      else password.select();
    });
    later.addEventListener("click", () => dialog.close());
    // Closing gives the focus back to where it was, the place in the text too.
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    dialog.showModal();
    password.focus();
  });
}

/** What is wrong in words, "" when the browser is signed in. */
async function refusal(address, account, password) {
  try {
    // Anew: somebody may have signed in or out in another tab since.
    const { csrf_token } = await who(address);
    const body = new URLSearchParams({ csrf_token, page_of: account, name: account, password });
    const answer = await fetch(address, { method: "POST", body });
    const said = await answer.json();
    if (!answer.ok) return said.error ?? "That did not work. Try again.";
    renew(said.csrf_token);
    return "";
  } catch {
    return "No connection. Try again.";
  }
}
