// Keeps the list of who came fresh, on the lecturer's page and on the wall; slower when nothing changes and not at all
// while the page is out of sight. Without it the pages show what was true when they were opened.

const FASTEST_MS = 3000;
const SLOWEST_MS = 30000;
const list = document.querySelector("[data-attendance]");
const wall = document.querySelector("[data-attendance-count]");
const address = list?.dataset.attendance ?? wall?.dataset.attendanceCount;
let wait = FASTEST_MS;
let shown = -1;

async function look() {
  try {
    if (!document.hidden) await refresh();
  } catch {
    wait *= 2; // no network for a moment
  }
  wait = Math.min(wait * 1.15, SLOWEST_MS);
  setTimeout(look, wait);
}

async function refresh() {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) return; // signed out: the page says so when it is used
  const found = await response.json();
  if (found.count !== shown) wait = FASTEST_MS;
  shown = found.count;
  if (wall) wall.textContent = found.text;
  if (list) replace(found.html);
}

// Whoever is about to press a button in the list is left alone.
function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const same = fresh.textContent.replace(/\s+/g, "") === list.textContent.replace(/\s+/g, "");
  if (!same && !list.contains(document.activeElement)) list.replaceChildren(...fresh.childNodes);
}

if (address) setTimeout(look, FASTEST_MS);

const full = document.querySelector("[data-full-screen]");
if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    full.hidden = Boolean(document.fullscreenElement);
  });
}
