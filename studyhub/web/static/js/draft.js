// Keeps a form as it is typed: at once in this browser, a little later on the server, until it is saved.
// What another tab or device kept meanwhile is shown, never overwritten.

const KEEP_AFTER_MS = 2000;
const RETRY_AFTER_MS = 10000;

const form = document.querySelector("form[data-draft]");
const state = document.querySelector(".save-state");
const words = document.querySelector("[data-draft-words]").dataset;
const localNotice = document.querySelector("[data-local-notice]");
const tabsNotice = document.querySelector("[data-tabs-notice]");
const NOT_KEPT = new Set(["csrf_token", "step", "base_revision", "draft_version", "figure", "figure_alt", "topic_query", "teaches_query"]);
const store = form.dataset.store;

let timer = null;
let sending = false;
let stopped = false;
let clash = null;
let keptText = null;

const fieldsOf = () => {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && typeof value === "string") (fields[name] ??= []).push(value);
  }
  return fields;
};
// Line ends differ between what was typed and what was sent.
const textOf = (fields) => JSON.stringify(fields).replaceAll("\\r\\n", "\\n");

const say = (text, unsaved = true) => {
  state.textContent = text;
  if (unsaved) state.dataset.state = "unsaved";
  else delete state.dataset.state;
};

function saySignedOut() {
  say(`${words.signedOut} `);
  const link = document.createElement("a");
  link.href = form.dataset.signIn;
  link.target = "_blank";
  link.textContent = words.signIn;
  state.append(link);
}

const readLocal = () => {
  try {
    return JSON.parse(localStorage.getItem(store));
  } catch {
    return null; // storage is switched off, or holds something else
  }
};
const writeLocal = (entry) => {
  try {
    if (entry) localStorage.setItem(store, JSON.stringify(entry));
    else localStorage.removeItem(store);
  } catch {
    // Full or switched off: the server keeps the text all the same.
  }
};

function changed() {
  if (textOf(fieldsOf()) === keptText) return;
  writeLocal({ fields: fieldsOf(), base: Number(form.elements.base_revision.value) });
  if (stopped) return;
  say(words.unsaved);
  keepSoon(KEEP_AFTER_MS);
}

function keepSoon(delay) {
  clearTimeout(timer);
  timer = setTimeout(keep, delay);
}

async function keep() {
  clearTimeout(timer);
  if (sending || stopped) return;
  const text = textOf(fieldsOf());
  if (text === keptText) return;
  sending = true;
  say(words.saving);
  try {
    await post(text, false);
  } catch {
    say(words.offline);
    keepSoon(RETRY_AFTER_MS);
  } finally {
    sending = false;
  }
}

async function post(text, isAgain) {
  const data = new FormData(form);
  data.delete("figure");
  const response = await fetch(form.dataset.keep, { method: "POST", body: data, headers: { Accept: "application/json" } });
  return settle(response, text, isAgain);
}

// Signing in again, in this tab or another, makes the page's token old: the page itself has a new one.
async function renewToken() {
  const response = await fetch(window.location.href, { redirect: "manual" });
  if (!response.ok) return false;
  const renewed = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = renewed.querySelector("form[data-draft] [name=csrf_token]").value;
  document.querySelectorAll("[name=csrf_token]").forEach((input) => {
    input.value = token;
  });
  return true;
}

async function settle(response, text, isAgain) {
  if (response.status === 401 || response.status === 400) {
    if (!isAgain && (await renewToken())) return post(text, true);
    if (!isAgain) saySignedOut();
    else say((await response.json()).message);
    return keepSoon(RETRY_AFTER_MS);
  }
  const answer = await response.json();
  if (response.status === 409 && answer.version) return askWhich(answer);
  if (!response.ok) return say(answer.message || words.offline);
  form.elements.draft_version.value = answer.version;
  keptText = text;
  if (textOf(fieldsOf()) !== text) return keepSoon(KEEP_AFTER_MS);
  writeLocal(null);
  say(answer.newer ? `${answer.text} ${words.newer}` : answer.text, false);
}

function askWhich(answer) {
  stopped = true;
  clash = answer;
  tabsNotice.querySelector("[data-tabs-text]").value = answer.body;
  tabsNotice.hidden = false;
  tabsNotice.scrollIntoView({ block: "nearest" });
  say(answer.message);
}

function fill(fields) {
  // A form whose fields come and go fills itself.
  if (!form.dispatchEvent(new CustomEvent("draft:fill", { detail: fields, cancelable: true }))) return;
  for (const element of form.elements) {
    if (!element.name || NOT_KEPT.has(element.name) || element.type === "submit") continue;
    const values = fields[element.name] ?? [];
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else element.value = values[0] ?? "";
  }
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

function offerLocal() {
  const entry = readLocal();
  if (!entry?.fields) return;
  const isSaved = entry.submitted && entry.base < Number(form.elements.base_revision.value);
  if (isSaved || textOf(entry.fields) === keptText) return writeLocal(null);
  localNotice.hidden = false;
  localNotice.querySelector("[data-local-use]").addEventListener("click", () => {
    localNotice.hidden = true;
    fill(entry.fields);
  });
  localNotice.querySelector("[data-local-drop]").addEventListener("click", () => {
    localNotice.hidden = true;
    writeLocal(null);
  });
}

keptText = textOf(fieldsOf());
offerLocal();
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => {
  // What is kept after this would be a draft of what is saved already.
  stopped = true;
  clearTimeout(timer);
  const entry = readLocal();
  if (entry) writeLocal({ ...entry, submitted: true });
});
document.querySelector("[data-discard]")?.form.addEventListener("submit", () => writeLocal(null));
tabsNotice.querySelector("[data-tabs-keep]").addEventListener("click", () => {
  form.elements.draft_version.value = clash.version;
  tabsNotice.hidden = true;
  stopped = false;
  keep();
});
tabsNotice.querySelector("[data-tabs-load]").addEventListener("click", () => {
  writeLocal(null);
  window.location.reload();
});
window.addEventListener("online", keep);
// Back from the page after saving: the form that the browser remembers is an old one.
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    keep();
  }
});
