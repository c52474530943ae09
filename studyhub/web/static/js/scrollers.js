// A table that is wider than its column scrolls; while it does, the keyboard reaches it too.

const TABLES = ".prose table:not([class])";

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const watchAll = () => document.querySelectorAll(TABLES).forEach((table) => watch.observe(table));

watchAll();
// Feedback and previews come later.
new MutationObserver(watchAll).observe(document.querySelector("main"), { childList: true, subtree: true });
