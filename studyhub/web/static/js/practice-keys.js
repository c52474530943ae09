// Keys of the question page: 1–9 and a–i choose, Enter answers and goes on. The keys that are single characters can be
// switched off (WCAG 2.1.4); what was chosen is remembered in this browser.

const SWITCH = "studyhub.practice.keys";
const hint = document.querySelector("[data-keys]");
const typesText = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const actsItself = "a, button, summary, [tabindex='0']";

const remembered = () => {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
};

let isOn = remembered();

const showSwitch = () => {
  const button = hint.querySelector("[data-keys-switch]");
  button.textContent = isOn ? button.dataset.off : button.dataset.on;
  hint.querySelector("[data-keys-on]").hidden = !isOn;
  hint.querySelector("[data-keys-off]").hidden = isOn;
};

const turn = () => {
  isOn = !isOn;
  showSwitch();
  try {
    localStorage.setItem(SWITCH, isOn ? "on" : "off");
  } catch {
    return; // holds for this page only
  }
};

const choiceAt = (key) => {
  const groups = document.querySelectorAll("form[data-answer-form] [data-choices]");
  if (groups.length !== 1 || key.length !== 1) return null;
  const place = /[1-9]/.test(key) ? Number(key) - 1 : "abcdefghi".indexOf(key.toLowerCase());
  return groups[0].querySelectorAll("input")[place] ?? null;
};

const goOn = () => {
  const form = document.querySelector("form[data-answer-form]");
  if (form) form.requestSubmit();
  else document.querySelector("[data-next]")?.click();
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches(typesText)) return;
  if (event.key === "Enter") {
    if (event.repeat || event.target.closest(actsItself) || event.target.matches("input")) return;
    event.preventDefault();
    goOn();
    return;
  }
  const choice = isOn ? choiceAt(event.key) : null;
  if (!choice || choice.disabled) return;
  event.preventDefault();
  choice.click();
  choice.focus();
});

if (document.querySelector("form[data-answer-form] [data-choices]")) {
  hint.hidden = false;
  hint.querySelector("[data-keys-switch]").addEventListener("click", turn);
  showSwitch();
}
