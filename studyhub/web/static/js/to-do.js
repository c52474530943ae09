// The boxes of what to do at work can be ticked. Nobody else sees it: this browser remembers it for this person.

const boxes = [...document.querySelectorAll(".prose .task-list-item > input[type=checkbox]")];
const KEY = `to-do:${document.querySelector("[data-person]")?.dataset.person}:${location.pathname}`;

const said = (box) => box.closest("li").textContent.trim();

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY)) ?? []);
  } catch {
    return new Set();
  }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(boxes.filter((box) => box.checked).map(said)));
  } catch {
    // A browser that keeps nothing lets one tick all the same.
  }
}

const done = kept();
for (const box of boxes) {
  box.disabled = false;
  box.removeAttribute("aria-hidden");
  box.setAttribute("aria-label", said(box));
  box.checked = box.checked || done.has(said(box));
  box.addEventListener("change", keep);
}
