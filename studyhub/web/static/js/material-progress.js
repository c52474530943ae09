// Follows the making of slides: asks now and then how far it is and puts the words in place, until all are ready.

const POLL_MS = 1500;
const LONGEST_POLL_MS = 15000;
const box = document.querySelector("[data-materials-progress]");
let wait = POLL_MS;

async function look() {
  try {
    const response = await fetch(box.dataset.materialsProgress, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return; // signed out: the page says so when it is used
    const found = await response.json();
    for (const each of found.materials) replace(each);
    if (!found.waiting) return;
  } catch {
    wait *= 2; // no network for a moment
  }
  wait = Math.min(wait * 1.1, LONGEST_POLL_MS);
  setTimeout(look, wait);
}

function replace(material) {
  const place = document.querySelector(`[data-material-state="${material.id}"]`);
  if (!place) return;
  const fresh = new DOMParser().parseFromString(material.html, "text/html").body;
  if (place.textContent.trim() !== fresh.textContent.trim()) place.replaceChildren(...fresh.childNodes);
  else place.querySelector("progress")?.replaceWith(fresh.querySelector("progress") ?? "");
}

if (box) setTimeout(look, POLL_MS);
