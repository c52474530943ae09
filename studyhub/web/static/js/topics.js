// Finds topics as one types; a chosen one moves up to the others. Without this script a button searches.

const AFTER_MS = 300;

const box = document.querySelector("[data-topics]");
const query = box.querySelector("input[type=search]");
const chosen = box.querySelector("[data-topics-chosen]");
const found = box.querySelector("[data-topics-found]");

let timer = null;

async function search() {
  const words = query.value.trim();
  if (!words) return found.replaceChildren();
  try {
    const response = await fetch(`${box.dataset.find}?q=${encodeURIComponent(words)}`);
    if (!response.ok || query.value.trim() !== words) return;
    found.innerHTML = await response.text();
    const held = new Set([...chosen.querySelectorAll("input")].map((input) => input.value));
    found.querySelectorAll("label").forEach((label) => held.has(label.querySelector("input").value) && label.remove());
  } catch {
    // Without network nothing is found; the chosen ones stay.
  }
}

query.addEventListener("input", (event) => {
  event.stopPropagation(); // what is searched for is no part of the draft
  clearTimeout(timer);
  timer = setTimeout(search, AFTER_MS);
});
query.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  search();
});
box.querySelector("[data-topics-button]").addEventListener("click", (event) => {
  event.preventDefault();
  search();
});
found.addEventListener("change", (event) => {
  const input = event.target;
  chosen.append(input.closest("label"));
  input.focus();
});
