// The form of a question: rows come and go without leaving the page, and what officers will see follows what is typed.

import { writeBlock } from "./writing.js";

const PREVIEW_AFTER_MS = 700;

const form = document.querySelector("[data-question-form]");
const part = form.querySelector("[data-answer-part]");
const pane = document.querySelector("[data-preview-pane]");
const button = document.querySelector("[data-preview-button]");

let timer = null;
let sending = false;
let waiting = false;

const formData = () => {
  const data = new FormData(form);
  data.delete("figure");
  return data;
};

// A step with the rows, or another kind: the server answers with the fields as they are then.
async function replacePart(data, focus) {
  try {
    const response = await fetch(form.dataset.part, { method: "POST", body: data });
    if (!response.ok || response.redirected) return form.submit();
    part.innerHTML = await response.text();
    prepare();
    focus?.();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  } catch {
    // Without network the fields stay as they are.
  }
}

function takeStep(pressed) {
  const data = formData();
  data.set("step", pressed.value);
  const [, step, row] = pressed.value.match(/^row:(\w+)-?(\d*)$/) ?? [];
  const count = part.querySelectorAll(".question-row").length;
  const target = step === "add" ? count : step === "up" ? row - 1 : step === "down" ? Number(row) + 1 : Math.min(row, count - 2);
  replacePart(data, () => part.querySelector(`#row-${Math.max(0, target)}-text`)?.focus());
}

function prepare() {
  part.querySelector("[data-kind-button]").hidden = true;
}

async function refresh() {
  clearTimeout(timer);
  if (sending) {
    waiting = true;
    return;
  }
  sending = true;
  try {
    const response = await fetch(form.dataset.preview, { method: "POST", body: formData(), headers: { Accept: "application/json" } });
    if (response.ok && !response.redirected) show(await response.json());
  } catch {
    // Without network the last preview stays; typing goes on.
  } finally {
    sending = false;
    if (waiting) {
      waiting = false;
      refresh();
    }
  }
}

function show(answer) {
  const place = pane.scrollTop;
  pane.innerHTML = answer.html; // sanitised by the same steps as what officers see
  pane.scrollTop = place;
  for (const box of form.querySelectorAll("[data-findings]")) box.innerHTML = answer.findings[box.dataset.findings] ?? "";
}

const refreshSoon = () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, PREVIEW_AFTER_MS);
};

part.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-row-step]");
  if (!pressed) return;
  event.preventDefault();
  takeStep(pressed);
});
part.addEventListener("change", (event) => {
  if (!event.target.matches("[data-kind]")) return;
  const data = formData();
  data.set("step", "kind");
  replacePart(data, () => part.querySelector("[data-kind]").focus());
});
form.addEventListener("input", refreshSoon);
form.addEventListener("change", refreshSoon);
// What this browser kept has other rows than the page: the server makes them first, then every field is filled.
form.addEventListener("draft:fill", (event) => {
  event.preventDefault();
  const data = new FormData();
  data.set("csrf_token", form.elements.csrf_token.value);
  for (const [name, values] of Object.entries(event.detail)) for (const value of values) data.append(name, value);
  data.set("step", "kind");
  replacePart(data, () => fillOthers(event.detail));
});

function fillOthers(fields) {
  for (const name of ["stem", "explanation", "terms", "sources", "facility", "as_of"]) {
    if (fields[name]) form.elements[name].value = fields[name][0];
  }
  for (const input of form.querySelectorAll("input[name=level], input[name=attributes], input[name=topics]")) {
    input.checked = (fields[input.name] ?? []).includes(input.value);
  }
}

const opener = document.querySelector("[data-figure-open]");
opener.hidden = false;
opener.addEventListener("click", () => document.dispatchEvent(new CustomEvent("studio:figure")));
document.addEventListener("studio:insert", (event) => writeBlock(document.querySelector("[data-insert-here]"), event.detail));

// The button is for browsers without scripts.
button.hidden = true;
prepare();
