// A term in a text (<a class="term">) shows its meaning in a note: on hover, on focus, on a tap. The note stays while
// the pointer is on the term or on the note, and Escape puts it away. Without this script, and with a click of the
// mouse or Enter, the link opens the page of the term.

const OPEN_AFTER_MS = 250;
const CLOSE_AFTER_MS = 300;
const GAP_PX = 8;

const texts = new Map();
const note = document.createElement("div");
note.className = "term-note";
note.id = "term-note";
note.setAttribute("role", "note");
note.hidden = true;

let shown = null;
let wanted = null;
let timer = 0;
let tapOpens = false;

const later = (action, milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(action, milliseconds);
};

const textOf = (term) => {
  const address = `${term.href.split("#")[0]}?part=1`;
  if (!texts.has(address)) {
    const answer = fetch(address, { credentials: "same-origin" }).then((response) => {
      // After a sign-out the answer is the sign-in page, which is no meaning of a term.
      if (!response.ok || response.redirected) throw new Error(`no text for ${address}`);
      return response.text();
    });
    answer.catch(() => texts.delete(address));
    texts.set(address, answer);
  }
  return texts.get(address);
};

const place = (term) => {
  // Of a term broken over two lines the first piece counts.
  const at = term.getClientRects()[0];
  if (!at) return;
  const page = document.documentElement;
  const room = page.clientWidth - note.offsetWidth - GAP_PX;
  const below = at.bottom + GAP_PX;
  const fitsBelow = below + note.offsetHeight <= page.clientHeight || at.top < note.offsetHeight + GAP_PX;
  note.style.left = `${Math.max(GAP_PX, Math.min(at.left, room)) + scrollX}px`;
  note.style.top = `${(fitsBelow ? below : at.top - note.offsetHeight - GAP_PX) + scrollY}px`;
};

const close = () => {
  clearTimeout(timer);
  wanted = null;
  if (!shown) return;
  shown.removeAttribute("aria-describedby");
  shown = null;
  note.hidden = true;
};

const open = async (term) => {
  clearTimeout(timer);
  wanted = term;
  if (shown === term) return;
  let text;
  try {
    text = await textOf(term);
  } catch {
    return; // The link still leads to the page.
  }
  if (wanted !== term) return;
  close();
  wanted = shown = term;
  // Rendered by our own server, with the definition sanitised when it was stored.
  note.innerHTML = text;
  if (!note.isConnected) document.body.append(note);
  note.hidden = false;
  term.setAttribute("aria-describedby", note.id);
  place(term);
};

// An author may give any link this class: only what the glossary answers is put into the page.
const isTerm = (link) => link?.origin === location.origin && link.pathname.startsWith("/glossary/");
const termAt = (target) => {
  const link = target instanceof Element ? target.closest("a.term") : null;
  return isTerm(link) ? link : null;
};
const isNote = (target) => target instanceof Node && note.contains(target);

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const term = termAt(event.target);
  if (term) later(() => open(term), shown ? 0 : OPEN_AFTER_MS);
  else if (isNote(event.target)) clearTimeout(timer);
});

document.addEventListener("pointerout", (event) => {
  if (event.pointerType === "touch" || !(termAt(event.target) || isNote(event.target))) return;
  if (document.activeElement !== shown || !shown) later(close, CLOSE_AFTER_MS);
});

document.addEventListener("focusin", (event) => {
  const term = termAt(event.target);
  if (term) open(term);
  else if (!isNote(event.target)) close();
});

document.addEventListener("pointerdown", (event) => {
  const term = termAt(event.target);
  // Told before the focus that comes with the tap shows the note.
  tapOpens = event.pointerType === "touch" && term !== null && term !== shown;
  if (!term && !isNote(event.target)) close();
});

// The first tap shows the note, the second one, or its own link, opens the page.
document.addEventListener("click", (event) => {
  const term = termAt(event.target);
  if (!term || !tapOpens) return;
  event.preventDefault();
  open(term);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

addEventListener("resize", close);
