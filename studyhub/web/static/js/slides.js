// Turns slides in place: takes the next slide out of its own page, so that there is one source of markup, and remembers
// which one was looked at last. Without this script the links lead to those pages.

const REMEMBER_AFTER_MS = 1500;

const box = document.querySelector("[data-slides]");
const reading = document.querySelector("[data-reading]");
const isOwnPage = box.dataset.slides === "page";
const spoken = document.createElement("p");
spoken.className = "visually-hidden";
spoken.setAttribute("role", "status");
box.after(spoken);
let timer = null;
let turning = 0;

const shown = () => box.querySelector("[data-slide]");
const link = (way) => box.querySelector(`[data-slide-link][rel="${way}"]`);

async function pageOf(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

async function turn(address, way) {
  const mine = ++turning;
  let page;
  try {
    page = await pageOf(address);
  } catch {
    location.assign(address); // the browser says better than a script what is wrong
    return;
  }
  const next = page.querySelector("[data-slide]");
  if (mine !== turning || !next) return;
  const hadFocus = box.contains(document.activeElement);
  const wasOpen = shown().querySelector("details")?.open ?? isOwnPage;
  shown().replaceWith(next);
  const words = next.querySelector("details");
  if (words) words.open = wasOpen;
  spoken.textContent = next.dataset.slideSaid;
  if (hadFocus) (link(way) ?? box.querySelector("[data-slide-link]"))?.focus({ preventScroll: true });
  if (isOwnPage) {
    history.replaceState(null, "", address);
    document.title = page.title;
  }
  rememberSoon(next.dataset.slide);
}

function rememberSoon(number) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const data = new FormData();
    data.set("csrf_token", reading.dataset.readingToken);
    data.set("slide", number);
    navigator.sendBeacon(reading.dataset.reading, data); // a convenience: when it is lost, nothing else is
  }, REMEMBER_AFTER_MS);
}

box.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-slide-link]");
  if (!pressed || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  turn(pressed.href, pressed.rel);
});

box.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const pressed = { ArrowRight: link("next"), ArrowLeft: link("prev") }[event.key];
  if (!pressed) return;
  event.preventDefault();
  turn(pressed.href, pressed.rel);
});

if (isOwnPage) rememberSoon(shown().dataset.slide);
