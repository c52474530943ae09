// Shows how far long work has come: takes the part again from the page itself until it says that nothing is unfinished.
// Without this script a link leads to the same page.

const EVERY_MS = 2000;

const part = () => document.querySelector("[data-progress-page]");

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok && !response.redirected) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.querySelector("[data-progress-page]");
      if (next && next.textContent !== part().textContent) part().replaceWith(next);
    }
  } catch {
    // The next look may find the site again; the link is there meanwhile.
  }
  lookLater();
}

function lookLater() {
  if (part()?.hasAttribute("data-unfinished")) setTimeout(look, EVERY_MS);
}

lookLater();
