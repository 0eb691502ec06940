// What a page can do without: filters and order of the tables of runs, and links to sections that are closed.
for (const table of document.querySelectorAll("table.runs")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length === 1) continue;
  const label = Object.assign(document.createElement("label"), { className: "filter", textContent: "Only rows with" });
  const input = Object.assign(document.createElement("input"), { type: "search", placeholder: "such as diverged, or an id" });
  label.append(input);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = [...row.cells].map(cell => cell.textContent).join(" ").toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
  });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    head.tabIndex = 0;
    head.setAttribute("aria-sort", "none");
    const sort = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = row => row.cells[column].textContent.replaceAll(",", "");
      const order = head.className === "number"
        ? (a, b) => (parseFloat(key(a)) || 0) - (parseFloat(key(b)) || 0)
        : (a, b) => key(a).localeCompare(key(b));
      rows.sort((a, b) => down ? order(b, a) : order(a, b));
      body.append(...rows);
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", event => { if (event.key === "Enter") sort(); });
  });
}
const openTarget = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
