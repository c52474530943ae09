// Buttons and keys that write marks into the notes; the text stays a textarea, and Tab leaves it as everywhere.

import { write, writeBlock } from "./writing.js";

const text = document.getElementById("body");
const toolbar = document.querySelector("[data-toolbar]");
const words = document.querySelector("[data-insert-words]").dataset;
const editor = document.querySelector("[data-editor]");
const tabs = document.querySelector("[data-editor-tabs]");

const MARKS = {
  section: (chosen) => block(`## ${chosen || words.section}`),
  heading: (chosen) => block(`### ${chosen || words.heading}`),
  bold: (chosen) => insert(`**${chosen || words.bold}**`, chosen ? 0 : words.bold.length, 2),
  list: (chosen) => block(lines(chosen || words.list, () => "- ")),
  numbers: (chosen) => block(lines(chosen || words.list, (place) => `${place + 1}. `)),
  table: () =>
    block(`| ${words.head} | ${words.head} |\n|---|---|\n| ${words.cell} | ${words.cell} |\n| ${words.cell} | ${words.cell} |`),
  note: (chosen) => block(`!!! note "${words.note}"\n${lines(chosen || words.noteText, () => "    ")}`),
  question: (chosen) => block(`{{question ${chosen || words.question}}}`),
  term: (chosen) => insert(`{{term ${chosen || words.term}}}`, chosen ? 0 : words.term.length, 2),
  figure: () => document.dispatchEvent(new CustomEvent("studio:figure")),
};

const KEYS = {
  "ctrl+b": "bold",
  "ctrl+alt+2": "section",
  "ctrl+alt+3": "heading",
  "ctrl+alt+l": "list",
  "ctrl+alt+n": "numbers",
  "ctrl+alt+t": "table",
  "ctrl+alt+k": "note",
  "ctrl+alt+f": "figure",
  "ctrl+alt+q": "question",
  "ctrl+alt+y": "term",
};

const lines = (chosen, mark) =>
  chosen
    .split("\n")
    .map((line, place) => mark(place) + line)
    .join("\n");

function insert(written, selected = 0, after = 0) {
  const start = text.selectionStart;
  write(text, written);
  if (selected) {
    const end = start + written.length - after;
    text.setSelectionRange(end - selected, end);
  }
}

const block = (written) => writeBlock(text, written);

const apply = (kind) => MARKS[kind](text.value.slice(text.selectionStart, text.selectionEnd));

function show(kind) {
  editor.dataset.shown = kind;
  tabs.querySelectorAll("button").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.show === kind));
  });
}

// To the line a finding names.
function goTo(line) {
  show("write");
  const start = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = text.value.indexOf("\n", start);
  text.focus();
  text.setSelectionRange(start, end < 0 ? text.value.length : end);
  text.scrollTop = (text.scrollHeight / text.value.split("\n").length) * (line - 4);
}

toolbar.hidden = false;
tabs.hidden = false;
editor.classList.add("is-switched");
toolbar.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) apply(button.dataset.insert);
});
text.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey)) return;
  const key = event.code.startsWith("Digit") ? event.code.slice(5) : event.code.startsWith("Key") ? event.code.slice(3) : event.key;
  const kind = KEYS[`ctrl+${event.altKey ? "alt+" : ""}${key.toLowerCase()}`];
  if (!kind) return;
  event.preventDefault();
  apply(kind);
});
tabs.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (button) show(button.dataset.show);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line]");
  if (button) goTo(Number(button.dataset.line));
});
document.addEventListener("studio:insert", (event) => block(event.detail));
