// Finds topics and sections as one types; what is chosen moves up to the others. Without this script a button searches.

const AFTER_MS = 300;

for (const box of document.querySelectorAll("[data-picker]")) prepare(box);

function prepare(box) {
  const query = box.querySelector("input[type=search]");
  const chosen = box.querySelector("[data-chosen]");
  const found = box.querySelector("[data-found]");
  const button = box.querySelector("[data-find-button]");
  let timer = null;

  async function search() {
    const words = query.value.trim();
    if (!words) return found.replaceChildren();
    try {
      const response = await fetch(`${box.dataset.find}?q=${encodeURIComponent(words)}`);
      if (!response.ok || response.redirected || query.value.trim() !== words) return;
      found.innerHTML = await response.text();
      const held = new Set([...chosen.querySelectorAll("[data-option]")].map((each) => each.dataset.option));
      for (const each of found.querySelectorAll("[data-option]")) if (held.has(each.dataset.option)) each.remove();
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
  button.addEventListener("click", (event) => {
    event.preventDefault();
    search();
  });
  found.addEventListener("change", (event) => {
    const option = event.target.closest("[data-option]");
    if (!option) return;
    chosen.append(option);
    const main = box.querySelector("input[name=main_topic]:checked");
    const own = option.querySelector("input[name=main_topic]");
    if (own && !main) own.checked = true;
    event.target.focus();
  });
}
