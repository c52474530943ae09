// A figure that is pasted, dropped or chosen: its description is asked, then it is stored and named in the stem.

const form = document.querySelector("form[data-figures]");
const text = document.querySelector("[data-insert-here]");
const dialog = document.querySelector("[data-figure-dialog]");
const file = dialog.querySelector("input[type=file]");
const alternative = dialog.querySelector("input[name=figure_alt]");
const fault = dialog.querySelector("[data-figure-fault]");
const add = dialog.querySelector("[data-figure-add]");
const opener = document.querySelector("[data-figure-open]");

const imageOf = (transfer) => [...(transfer?.files ?? [])].find((each) => each.type.startsWith("image/"));

function open(image) {
  fault.textContent = "";
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
      fault.textContent = answer.message || fault.dataset.unsent;
      return;
    }
    dialog.close();
    insert(answer.markdown);
  } catch {
    fault.textContent = fault.dataset.unsent;
  } finally {
    add.disabled = false;
  }
}

// insertText keeps the browser's own undo; where it is gone, the text is set directly.
function insert(markdown) {
  text.focus();
  const lead = text.value === "" || text.value.slice(0, text.selectionStart).endsWith("\n\n") ? "" : "\n\n";
  const written = `${lead}${markdown}\n`;
  if (document.execCommand("insertText", false, written)) return;
  text.setRangeText(written, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

opener.hidden = false;
opener.addEventListener("click", () => open());
text.addEventListener("paste", (event) => {
  const image = imageOf(event.clipboardData);
  if (!image) return;
  event.preventDefault();
  open(image);
});
text.addEventListener("dragover", (event) => {
  if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
});
text.addEventListener("drop", (event) => {
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
