// Sends an answer without leaving the page, keeps it while there is no network, and says truthfully where it is.
// Forms: form[data-answer-form] inside [data-answer-region], which the server's feedback replaces.

import { forget, keep, send, waitBefore, waiting } from "./practice-outbox.js";

const texts = document.querySelector("[data-answer-texts]").dataset;
const shownAt = performance.now();
let attempt = 0;
let timer = 0;
let isSending = false;
let isAskedAgain = false;

const stateOf = (region) => region?.querySelector(".save-state") ?? document.querySelector(".action-bar .save-state");

const say = (region, text, isUnsaved) => {
  const state = stateOf(region);
  if (!state) return;
  state.textContent = text;
  if (isUnsaved) state.dataset.state = "unsaved";
  else delete state.dataset.state;
};

const tokenOnPage = () => document.querySelector("input[name=csrf_token]")?.value ?? "";

const regionOf = (answer) =>
  [...document.querySelectorAll("form[data-answer-form]")]
    .find((form) => form.getAttribute("action") === answer.url)
    ?.closest("[data-answer-region]");

const newId = (form) => {
  // crypto.randomUUID is missing where the site is served without TLS; the server put an id of its own into the form.
  if (form.dataset.sent) return form.dataset.sent;
  form.dataset.sent = crypto.randomUUID?.() ?? form.elements.response_id.value;
  return form.dataset.sent;
};

const read = (form) => {
  const fields = new FormData(form);
  const id = newId(form);
  fields.set("response_id", id);
  fields.set("duration_ms", String(Math.round(performance.now() - shownAt)));
  fields.delete("csrf_token");
  const region = form.closest("[data-answer-region]");
  return {
    id,
    user: texts.user,
    place: `${region.dataset.set ?? "check"}|${region.dataset.position ?? region.id}`,
    url: form.getAttribute("action"),
    page: location.pathname,
    fields: [...fields],
    answeredAt: new Date().toISOString(),
  };
};

const lock = (form, isLocked) => {
  for (const control of form.elements) {
    if (control.type === "submit") control.setAttribute("aria-disabled", String(isLocked));
    else if (control.type !== "hidden" && control.type !== "fieldset") control.disabled = isLocked;
  }
};

const replace = (element, html) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.firstElementChild;
  element.replaceWith(fresh);
  return fresh;
};

const showFeedback = (region, body) => {
  const hadFocus = region.contains(document.activeElement) || document.activeElement === document.body
    || document.activeElement?.closest(".action-bar");
  const fresh = replace(region, body.html);
  const bar = document.querySelector(".action-bar");
  if (bar && body.bar) replace(bar, body.bar);
  const state = document.querySelector(`[data-check-state="${fresh.id.replace("check-", "")}"]`);
  if (state && body.state) replace(state, body.state);
  const title = fresh.querySelector("[data-feedback-title]");
  if (!title || !hadFocus) return;
  title.focus({ preventScroll: true });
  fresh.querySelector(".feedback").scrollIntoView({ block: "nearest" }); // the explanation, not only its first line
};

// One line above the page's own content, for answers whose question is not on this page, and for a lost sign-in.
const tell = (text, kind) => {
  let notice = document.querySelector("[data-outbox-notice]");
  if (!notice) {
    notice = document.createElement("div");
    notice.dataset.outboxNotice = "";
    notice.setAttribute("role", "status");
    document.querySelector("main").prepend(notice);
  }
  notice.className = `notice notice-${kind}`;
  const sentence = document.createElement("p");
  sentence.textContent = text;
  notice.replaceChildren(sentence);
  return notice;
};

const offerToSignIn = () => {
  const link = document.createElement("a");
  link.href = texts.signIn;
  link.textContent = texts.signInLink;
  const notice = tell(texts.signInAgain, "warn");
  notice.dataset.signInNotice = "";
  notice.append(link);
};

// Why an answer was refused stands beside what has to be changed.
const complain = (form, message) => {
  form.querySelector("[data-refusal]")?.remove();
  const line = document.createElement("p");
  line.className = "field-error";
  line.dataset.refusal = "";
  line.setAttribute("role", "alert");
  line.textContent = message;
  const first = form.querySelector("input:not([type=hidden]), select");
  first.closest("fieldset, .field").before(line);
  first.focus();
};

const refuse = (answer, region, message) => {
  forget(answer);
  const form = region?.querySelector("form[data-answer-form]");
  if (!form) {
    tell(message || texts.refused, "warn");
    return;
  }
  delete form.dataset.sent; // what was refused may be answered anew, under a new id
  lock(form, false);
  say(region, texts.notSaved, true);
  complain(form, message || texts.refused);
};

const settle = (answer, result) => {
  const region = regionOf(answer);
  if (result.outcome === "saved") {
    forget(answer);
    if (region) showFeedback(region, result.body);
    else tell(texts.sent, "ok");
  } else if (result.outcome === "refused") {
    refuse(answer, region, result.message);
  } else if (result.outcome === "signed-out") {
    say(region, texts.signedOut, true);
    offerToSignIn();
  } else if (region) {
    say(region, texts.unsaved, true);
  } else {
    tell(texts.waiting, "warn");
  }
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(flush, waitBefore(attempt));
  attempt += 1;
};

const flush = async () => {
  isAskedAgain = isSending;
  if (isSending) return;
  isSending = true;
  let isLeft = false;
  for (const answer of waiting(texts.user)) {
    const result = await send(answer, tokenOnPage());
    settle(answer, result);
    isLeft ||= result.outcome === "later";
    if (result.outcome === "later" || result.outcome === "signed-out") break;
  }
  isSending = false;
  if (isAskedAgain) flush();
  else if (isLeft) later();
  else attempt = 0;
};

const sendNow = () => {
  attempt = 0;
  clearTimeout(timer);
  return flush();
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-answer-form]")) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  keep(read(form));
  lock(form, true);
  say(form.closest("[data-answer-region]"), navigator.onLine ? texts.saving : texts.unsaved, true);
  sendNow();
});

window.addEventListener("online", sendNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && waiting(texts.user).length) sendNow();
});

// An answer to a question of this page that was kept before the page was loaded again: it is shown as given.
for (const answer of waiting(texts.user)) {
  const form = regionOf(answer)?.querySelector("form[data-answer-form]");
  if (!form || form.dataset.sent) continue;
  form.dataset.sent = answer.id;
  for (const [name, value] of answer.fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "radio" || control.type === "checkbox") control.checked ||= control.value === value;
      else if (control.type !== "hidden") control.value = value;
    }
  }
  lock(form, true);
  say(form.closest("[data-answer-region]"), texts.unsaved, true);
}
if (waiting(texts.user).length) sendNow();
