// Which trials no other trial beats in every goal.

/** @typedef {import("../core/columns.js").Columns} Columns */

/**
 * The rows of the front, ordered by the first goal.
 * @param {Columns} columns
 * @param {boolean[]} maximize by goal
 * @returns {number[]}
 */
export function paretoRows(columns, maximize) {
  const complete = columns.states.indexOf("complete"), { goals } = columns;
  const losses = (/** @type {number} */ row) => goals.map(({ values }, i) => (maximize[i] ? -values[row] : values[row]));
  /** @type {{row: number, losses: number[]}[]} */
  const rows = [];
  for (let row = 0; row < columns.n; row++) {
    if (columns.state[row] !== complete) continue;
    const found = losses(row);
    if (!found.some(Number.isNaN)) rows.push({ row, losses: found });
  }
  rows.sort((a, b) => compare(a.losses, b.losses) || a.row - b.row);
  /** @type {typeof rows} */
  const front = [];
  for (const each of rows) if (!front.some((other) => beats(other.losses, each.losses))) front.push(each);
  return front.map(({ row }) => row);
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compare(a, b) {
  const i = a.findIndex((loss, at) => loss !== b[at]);
  return i < 0 ? 0 : a[i] - b[i];
}

/**
 * Nowhere worse and somewhere better.
 * @param {number[]} a
 * @param {number[]} b
 */
function beats(a, b) {
  return a.every((loss, i) => loss <= b[i]) && a.some((loss, i) => loss < b[i]);
}
