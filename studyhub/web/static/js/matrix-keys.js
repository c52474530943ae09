// Moves between the cells of a matrix by arrow keys, and says in a line below what the cell's title holds,
// for those who have no pointer to rest on it. Without this script the table scrolls and its links work.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

for (const region of document.querySelectorAll("[data-matrix]")) {
  const rows = [...region.querySelectorAll("tbody tr")].map((row) => [...row.children]);
  const heads = columnNames(region);
  const line = document.getElementById(region.dataset.evidenceLine);

  region.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const cell = event.target.closest("tbody td, tbody th");
    const next = cell ? neighbour(rows, cell, step) : rows[0]?.[1];
    if (!next) return;
    event.preventDefault();
    next.tabIndex = -1;
    next.focus({ preventScroll: false });
  });

  const tell = (event) => {
    const cell = event.target.closest("td.band");
    if (!cell || !line) return;
    const name = cell.parentElement.querySelector("th a").textContent;
    line.textContent = [name, heads[cell.cellIndex], cell.firstChild.textContent, cell.title].filter(Boolean).join(" ／ ");
    line.hidden = false;
  };
  region.addEventListener("focusin", tell);
  region.addEventListener("click", tell);
}

function neighbour(rows, cell, [down, right]) {
  const row = rows.findIndex((cells) => cells.includes(cell));
  return rows[row + down]?.[rows[row].indexOf(cell) + right];
}

// A head that spans several columns is not the name of one of them.
function columnNames(region) {
  return [...region.querySelectorAll("thead th:not([scope=colgroup])")].map((head) => head.textContent.trim());
}
