// Menus are <details class="menu">: they open without a script. This closes them again on Escape (giving the
// focus back to what opened them), on a click elsewhere, and when the focus moves on.

const openMenus = () => document.querySelectorAll("details.menu[open]");

const closeUnlessInside = (target) => {
  for (const menu of openMenus()) {
    if (!menu.contains(target)) menu.open = false;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const focusWasInside = menu.contains(document.activeElement);
    menu.open = false;
    if (focusWasInside) menu.querySelector("summary").focus();
  }
});

document.addEventListener("pointerdown", (event) => closeUnlessInside(event.target));
document.addEventListener("focusin", (event) => closeUnlessInside(event.target));
