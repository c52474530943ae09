// Ticks all rows of a table at once and says how many are ticked.

const form = document.querySelector("[data-select-rows]");

if (form) {
  const all = form.querySelector("[data-select-all]");
  const box = all.querySelector("input");
  const told = form.querySelector("[data-selected]");
  const rows = [...form.querySelectorAll("input[name=keys]")];

  const tell = () => {
    const count = rows.filter((row) => row.checked).length;
    told.textContent = count ? told.dataset.text.replace("%(count)s", count) : "";
    box.checked = count === rows.length;
    box.indeterminate = count > 0 && count < rows.length;
  };

  all.hidden = false;
  box.addEventListener("change", () => {
    for (const row of rows) row.checked = box.checked;
    tell();
  });
  form.addEventListener("change", tell);
  tell();
}
