// Shows the notes as they are typed, rendered by the server as officers will see them.

const AFTER_MS = 600;

const form = document.querySelector("form[data-preview]");
const text = document.getElementById("body");
const pane = document.querySelector("[data-preview-pane]");
const button = document.querySelector("[data-preview-button]");

let timer = null;
let waiting = false;
let sending = false;
let shown = text.value;

async function refresh() {
  clearTimeout(timer);
  if (sending) {
    waiting = true;
    return;
  }
  sending = true;
  const wanted = text.value;
  try {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("body", wanted);
    const response = await fetch(form.dataset.preview, { method: "POST", body: data });
    const html = await response.text();
    if (response.ok) {
      const place = pane.scrollTop;
      pane.innerHTML = html; // sanitised by the same steps as the published page
      pane.scrollTop = place;
      shown = wanted;
    }
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

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => text.value !== shown && refresh(), AFTER_MS);
});
// The button is for browsers without scripts.
button.hidden = true;
