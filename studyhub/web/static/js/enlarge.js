// A figure opens large, to be read on a phone: its text may be too small in the column. Needs the template of
// macros/figure_viewer.html; without this script the browser's own zoom does it.

const viewer = document.getElementById("figure-viewer").content.firstElementChild.cloneNode(true);
const large = new Image();
const words = viewer.dataset;

viewer.querySelector("[role=region]").append(large);
document.body.append(viewer);
viewer.querySelector("button").addEventListener("click", () => viewer.close());
viewer.addEventListener("click", (event) => event.target === viewer && viewer.close());

function open(image) {
  large.src = image.src;
  large.alt = image.alt;
  viewer.showModal();
}

function prepare(image) {
  if (image.closest("button, a, label")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "figure-open";
  button.title = words.open;
  image.before(button);
  button.append(image);
  button.addEventListener("click", () => open(image));
}

const prepareAll = () => document.querySelectorAll(".prose img").forEach(prepare);

prepareAll();
// Feedback comes later.
new MutationObserver(prepareAll).observe(document.querySelector("main"), { childList: true, subtree: true });
