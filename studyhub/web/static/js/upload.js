// Sends files with a bar that shows how far it is, takes files that are dropped, and keeps the choice when something
// goes wrong. Without this script the same form sends them.

const form = document.querySelector("form[data-upload]");
const zone = form.querySelector("[data-upload-zone]");
const input = zone.querySelector("input[type=file]");
const list = zone.querySelector("[data-upload-list]");
const box = form.querySelector("[data-upload-progress]");
const said = box.querySelector("[data-upload-said]");
const bar = box.querySelector("progress");
const refusals = document.querySelector("[data-upload-refusals]");

zone.querySelector("[data-upload-drop-hint]").hidden = false;

function size(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function choose(files) {
  const chosen = new DataTransfer();
  const known = new Set();
  for (const file of files) {
    const name = `${file.name}/${file.size}/${file.lastModified}`;
    if (!known.has(name)) chosen.items.add(file);
    known.add(name);
  }
  input.files = chosen.files;
  show();
}

function show() {
  list.replaceChildren(...[...input.files].map(line));
  list.hidden = !input.files.length;
}

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const weight = document.createElement("span");
  const remove = document.createElement("button");
  name.textContent = file.name;
  weight.textContent = size(file.size);
  weight.className = "muted small nowrap";
  remove.type = "button";
  remove.className = "button button-quiet";
  remove.textContent = box.dataset.remove;
  remove.setAttribute("aria-label", `${box.dataset.remove} ${file.name}`);
  remove.addEventListener("click", () => {
    choose([...input.files].filter((each) => each !== file));
    input.focus();
  });
  item.append(name, weight, remove);
  return item;
}

input.addEventListener("change", show);
for (const kind of ["dragenter", "dragover"]) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.add("drop-zone-over");
  });
}
zone.addEventListener("dragleave", () => zone.classList.remove("drop-zone-over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  zone.classList.remove("drop-zone-over");
  choose([...input.files, ...event.dataTransfer.files]);
});

function tell(sentences) {
  const filled = document.querySelector("[data-upload-refusal-box]").content.cloneNode(true);
  filled.querySelector("ul").replaceChildren(
    ...sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }),
  );
  refusals.replaceChildren(filled);
  refusals.scrollIntoView({ block: "nearest" });
}

// A page that lay open for long may carry a token of a sign-in that has ended.
async function freshToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("form[data-upload] input[name=csrf_token]");
  if (!token) throw new Error("signed out");
  form.querySelector("input[name=csrf_token]").value = token.value;
}

function send(data) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    const percent = Math.floor((100 * event.loaded) / (event.total || 1));
    bar.value = percent;
    said.textContent = percent < 100 ? box.dataset.sending.replace("{percent}", percent) : box.dataset.reading;
    if (percent === 100) bar.removeAttribute("value");
  });
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => ended([box.dataset.failed]));
  request.send(data);
}

function answered(request) {
  const answer = request.response ?? {};
  if (request.status === 200 && answer.location) location.assign(answer.location);
  else if (request.status === 413) ended([box.dataset.tooLarge]);
  else if (request.status === 401) ended([box.dataset.signedOut]);
  else ended(answer.messages ?? [answer.message || box.dataset.failed]);
}

function ended(sentences) {
  box.hidden = true;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = false;
  tell(sentences);
}

form.addEventListener("submit", async (event) => {
  if (event.submitter?.hasAttribute("data-upload-without") || !input.files.length) return;
  event.preventDefault();
  const total = [...input.files].reduce((sum, file) => sum + file.size, 0);
  if (total > Number(box.dataset.mostBytes)) {
    tell([box.dataset.tooLarge]);
    return;
  }
  refusals.replaceChildren();
  bar.value = 0;
  said.textContent = box.dataset.sending.replace("{percent}", 0);
  box.hidden = false;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
  try {
    await freshToken();
  } catch {
    ended([box.dataset.signedOut]);
    return;
  }
  send(new FormData(form));
});
