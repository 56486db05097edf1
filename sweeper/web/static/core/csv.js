// Cells of comma-separated values, as trials.csv of the server has them.

const FORMULA = /^ *[=+\-@\t\r\n|%]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A cell of text. What a spreadsheet would run as a formula gets an apostrophe in front, as in the server's files.
 * @param {string} text
 */
export function textCell(text) {
  return quoted(FORMULA.test(text) ? `'${text}` : text);
}

/**
 * A cell that may hold a number as well as text.
 * @param {string} text
 */
export function anyCell(text) {
  return NUMBER.test(text) ? text : textCell(text);
}

/** @param {string} text */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
