// Keeps a worksheet a little after one stops typing. What the group kept meanwhile is never written over: the button
// then shows both.

const KEEP_AFTER_MS = 2000;

const form = document.querySelector("form[data-sheet]");

if (form) {
  const state = form.querySelector(".save-state");
  const version = form.elements.version;
  let timer = null;
  let sending = false;
  let again = false;
  let stopped = false;

  const say = (text, unsaved) => {
    state.textContent = text;
    if (unsaved) state.dataset.state = "unsaved";
    else delete state.dataset.state;
  };

  async function keep() {
    if (sending || stopped) {
      again = sending;
      return;
    }
    sending = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const answer = await response.json();
      if (response.ok) {
        version.value = answer.version;
        say(form.dataset.saved, false);
      } else {
        stopped = response.status === 409;
        say(answer.message ? `${answer.message} ${form.dataset.failed}` : form.dataset.failed, true);
      }
    } catch {
      say(form.dataset.failed, true); // no network, or signed out: the button keeps the form and asks to sign in
    } finally {
      sending = false;
    }
    if (again) {
      again = false;
      keep();
    }
  }

  form.addEventListener("input", () => {
    if (stopped) return;
    say(form.dataset.unsaved, true);
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
}
