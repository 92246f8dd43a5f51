// Arrow keys move between the sessions of the board; Enter opens one, because each is a link.

const board = document.querySelector(".board");

const cellOf = (row, column) => row && row.cells[column];

// The next session in a direction; rows and cells without sessions are stepped over.
const find = (cell, down, right) => {
  const rows = [...board.tBodies[0].rows];
  let row = rows.indexOf(cell.parentElement);
  let column = cell.cellIndex;
  for (;;) {
    row += down;
    column += right;
    const next = cellOf(rows[row], column);
    if (!next || column < 1) return null;
    const link = next.querySelector(".board-link");
    if (link) return link;
  }
};

const step = (link, key) => {
  const cell = link.closest("td");
  const links = [...cell.querySelectorAll(".board-link")];
  const place = links.indexOf(link);
  if (key === "ArrowDown") return links[place + 1] || find(cell, 1, 0);
  if (key === "ArrowUp") return links[place - 1] || find(cell, -1, 0);
  if (key === "ArrowRight") return find(cell, 0, 1);
  if (key === "ArrowLeft") return find(cell, 0, -1);
  const all = [...board.querySelectorAll(".board-link")];
  if (key === "Home") return all[0];
  if (key === "End") return all[all.length - 1];
  return null;
};

board?.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const link = event.target.closest(".board-link");
  const next = link && step(link, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});
