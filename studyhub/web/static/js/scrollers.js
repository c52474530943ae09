// A table or a program that is wider than its column scrolls; while it does, the keyboard reaches it too.

const WIDE = ".prose :is(table:not([class]), pre)";

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const watchAll = () => document.querySelectorAll(WIDE).forEach((each) => watch.observe(each));

watchAll();
// Feedback and previews come later.
new MutationObserver(watchAll).observe(document.querySelector("main"), { childList: true, subtree: true });
