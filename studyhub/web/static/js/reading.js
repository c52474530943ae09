// Keeps what is read: a section counts once its end was in view for a while, and where one stopped is remembered.
// Without this script the button under each section does the same.

const DWELL_MS = 1500;
const SEND_AFTER_MS = 1200;
const MOVED_AFTER_MS = 4000;

const root = document.querySelector("[data-reading]");
const state = document.querySelector("[data-reading-state]");
const sections = [...document.querySelectorAll("[data-section]")];
const links = new Map(
  [...document.querySelectorAll("[data-contents] a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
);
const waiting = { read: new Set(), position: null };
let timer = null;

const isWaiting = () => waiting.read.size > 0 || waiting.position !== null;

const formData = () => {
  const data = new FormData();
  data.set("csrf_token", root.dataset.readingToken);
  waiting.read.forEach((anchor) => data.append("read", anchor));
  if (waiting.position) data.set("position", waiting.position);
  return data;
};

const say = (text) => {
  if (state && state.textContent !== text) state.textContent = text;
};

const sendSoon = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
};

async function send() {
  clearTimeout(timer);
  if (!isWaiting()) return;
  const sent = { read: [...waiting.read], position: waiting.position };
  try {
    const response = await fetch(root.dataset.reading, {
      method: "POST",
      body: formData(),
      headers: { Accept: "application/json" },
      keepalive: true,
    });
    if (!response.ok) return say(response.status === 401 ? state.dataset.signedOut : state.dataset.unsaved);
    settle(sent, await response.json());
  } catch {
    say(state.dataset.unsaved); // no network: sent again when it is back, or with the next mark
  }
}

function settle(sent, progress) {
  sent.read.forEach((anchor) => waiting.read.delete(anchor));
  if (waiting.position === sent.position) waiting.position = null;
  say("");
  document.querySelector("[data-reading-progress]").textContent = progress.text;
}

function markRead(section) {
  const form = section.querySelector("[data-section-end] form");
  if (form.hidden) return;
  const hadFocus = form.contains(document.activeElement);
  new FormData(form).getAll("read").forEach((anchor) => waiting.read.add(anchor));
  form.hidden = true;
  const said = section.querySelector("[data-section-read]");
  said.hidden = false;
  if (hadFocus) {
    said.tabIndex = -1;
    said.focus();
  }
  const link = links.get(section.dataset.section);
  if (link && !link.classList.contains("contents-read")) {
    link.classList.add("contents-read");
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.lang = document.documentElement.lang;
    words.textContent = state.dataset.read;
    link.append(words);
  }
  sendSoon(SEND_AFTER_MS);
}

const dwelling = new Map();
const ends = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    clearTimeout(dwelling.get(entry.target));
    if (!entry.isIntersecting) continue;
    const seen = () => {
      if (document.visibilityState === "visible") markRead(entry.target.closest("[data-section]"));
    };
    dwelling.set(entry.target, setTimeout(seen, DWELL_MS));
  }
});

function current() {
  const line = window.innerHeight * 0.35;
  const begun = sections.filter((section) => section.getBoundingClientRect().top <= line);
  const last = begun.at(-1);
  return last && last.getBoundingClientRect().bottom > 0 ? last.dataset.section : null;
}

function showPlace() {
  const here = current();
  links.forEach((link, anchor) => {
    if (anchor === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  return here;
}

let place = null;
let isDrawing = false;

function scrolled() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    const here = showPlace();
    if (!here || here === place) return;
    place = here;
    waiting.position = here;
    sendSoon(waiting.read.size ? SEND_AFTER_MS : MOVED_AFTER_MS);
  });
}

function leave() {
  if (!isWaiting()) return;
  if (navigator.sendBeacon(root.dataset.reading, formData())) {
    waiting.read.clear();
    waiting.position = null;
  }
}

const wide = window.matchMedia("(width >= 64rem)");
const unfold = () => {
  document.querySelector("[data-contents]").open = wide.matches;
};

sections.forEach((section) => ends.observe(section.querySelector("[data-section-end]")));
root.addEventListener("submit", (event) => {
  const section = event.target.closest("[data-section-end]")?.closest("[data-section]");
  if (!section) return;
  event.preventDefault();
  markRead(section);
  send();
});
unfold();
wide.addEventListener("change", unfold);
place = showPlace() ?? sections[0]?.dataset.section;
window.addEventListener("scroll", scrolled, { passive: true });
window.addEventListener("online", send);
window.addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
