// Follows a job: asks for the page now and then, puts its state in place, and shows the page anew once it has ended.

const POLL_MS = 1000;
const LONGEST_POLL_MS = 8000;
let wait = POLL_MS;

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return; // signed out: the page says so when it is used
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("#job-state[data-under-way]");
    if (!fresh) return location.reload();
    const place = document.querySelector("#job-state");
    if (place.textContent.trim() !== fresh.textContent.trim()) place.replaceChildren(...fresh.childNodes);
  } catch {
    wait *= 2; // no network for a moment
  }
  wait = Math.min(wait * 1.1, LONGEST_POLL_MS);
  setTimeout(look, wait);
}

if (document.querySelector("#job-state[data-under-way]")) setTimeout(look, POLL_MS);
