// After saving, what this browser kept of the form is no longer needed.

const { key, user, revision } = document.querySelector("[data-studio-hub]").dataset;
const store = `studyhub-draft:${user}:${key}`;

try {
  const entry = JSON.parse(localStorage.getItem(store));
  if (entry?.submitted && entry.base < Number(revision)) localStorage.removeItem(store);
} catch {
  // Storage is switched off: nothing was kept there.
}
