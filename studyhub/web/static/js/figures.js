// A figure that is pasted, dropped or chosen: its description is asked, then it is stored, and a "studio:insert" says what
// to write for it where the text stands.

const form = document.querySelector("form[data-figures]");
const text = document.querySelector("[data-insert-here]");
const frame = text.closest("[data-editor]");
const dialog = document.querySelector("[data-figure-dialog]");
const file = dialog.querySelector("input[type=file]");
const alternative = dialog.querySelector("input[name=figure_alt]");
const fault = dialog.querySelector("[data-figure-fault]");
const add = dialog.querySelector("[data-figure-add]");

const imageOf = (transfer) => [...(transfer?.files ?? [])].find((each) => each.type.startsWith("image/"));

function say(text) {
  fault.textContent = text;
  fault.hidden = !text;
}

function open(image) {
  say("");
  alternative.value = "";
  file.value = "";
  if (image) {
    const transfer = new DataTransfer();
    transfer.items.add(image);
    file.files = transfer.files;
  }
  dialog.showModal();
  (image ? alternative : file).focus();
}

async function send() {
  const data = new FormData();
  data.set("csrf_token", form.elements.csrf_token.value);
  data.set("figure_alt", alternative.value);
  if (file.files[0]) data.set("figure", file.files[0]);
  add.disabled = true;
  try {
    const response = await fetch(form.dataset.figures, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) {
      say(answer.message || fault.dataset.unsent);
      return;
    }
    dialog.close();
    document.dispatchEvent(new CustomEvent("studio:insert", { detail: answer.markdown }));
  } catch {
    say(fault.dataset.unsent);
  } finally {
    add.disabled = false;
  }
}

document.addEventListener("studio:figure", () => open());
text.addEventListener("paste", (event) => {
  const image = imageOf(event.clipboardData);
  if (!image) return;
  event.preventDefault();
  open(image);
});
text.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  frame?.classList.add("has-file-above");
});
text.addEventListener("dragleave", () => frame?.classList.remove("has-file-above"));
text.addEventListener("drop", (event) => {
  frame?.classList.remove("has-file-above");
  const image = imageOf(event.dataTransfer);
  if (!image) return;
  event.preventDefault();
  open(image);
});
add.addEventListener("click", send);
dialog.querySelector("[data-figure-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === alternative) {
    event.preventDefault();
    send();
  }
});
dialog.addEventListener("close", () => text.focus());
