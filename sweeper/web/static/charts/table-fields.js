// Which columns the table of trials has, what stands in their cells, and how wide they are.

import { cell } from "../core/columns.js";
import { csv } from "../core/csv.js";
import { duration, exact, number } from "../core/format.js";
import { orderedLevels } from "../core/scales.js";
import { factName } from "../core/selection.js";
import { FONT } from "./frame.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/columns.js").Column} Column */

/**
 * @typedef {object} Field
 * @property {string} key in the address, in the API and on the command line
 * @property {string} label
 * @property {"number" | "state" | "goal" | "param" | "metric" | "seconds" | "cost" | "dup"} role
 * @property {boolean} numeric
 * @property {() => ArrayLike<number>} values to sort by; NaN: not set
 * @property {(row: number) => string} text
 * @property {(row: number) => string} full all digits
 */

const METRICS = 6; // other metrics shown unless the reader says otherwise
const SAMPLE = 60; // rows that are measured
const NARROW = 56, BROAD = 260, ROOM = 22, SORT = 46;

/**
 * All columns, in the order of the table: what it is, how good it was, what it was made with, what it took.
 * @param {View} view
 * @returns {Field[]}
 */
export function fieldsOf(view) {
  const { columns } = view, goals = new Set(columns.goals.map((each) => each.name));
  const searched = view.params, constants = columns.params.filter((each) => each.constant);
  const some = (/** @type {ArrayLike<number>} */ values, least = -Infinity) => Array.prototype.some.call(values, (each) => each > least);
  const made = [
    fact("number", "#", columns.number, exact),
    { ...fact("state", "state", columns.state, (code) => columns.states[code]), numeric: false },
    ...columns.goals.map((each) => ofColumn(each, "goal")),
    ...searched.map((each) => ofColumn(each, "param")),
    ...constants.map((each) => ofColumn(each, "param")),
    ...columns.metrics.filter((each) => !goals.has(each.name)).map((each) => ofColumn(each, "metric")),
    { ...fact("seconds", "time", columns.seconds, exact), text: (/** @type {number} */ row) => duration(columns.seconds[row]) },
    ...(some(columns.cost) ? [fact("cost", "cost", columns.cost, exact)] : []),
    ...(some(columns.dup, -1) ? [duplicates(columns.dup)] : []),
  ];
  const facts = new Set(["number", "state", "seconds", "cost", "dup"]), seen = new Set();
  const renamed = made.map((field) => (facts.has(field.role) ? { ...field, key: factName(columns, field.key) } : field));
  return renamed.filter(({ key }) => !seen.has(key) && seen.add(key)); // a metric of the name of a parameter
}

/**
 * Trials as comma-separated values with all digits, made in the browser where no server can be asked.
 * @param {Field[]} fields
 * @param {Iterable<number>} rows
 */
export function trialsCsv(fields, rows) {
  return csv([fields.map(({ key }) => key), ...Array.from(rows, (row) => fields.map(({ full }) => full(row)))]);
}

/**
 * The columns that are shown at first: constants are folded away, and so are metrics beyond a few.
 * @param {View} view
 * @param {Field[]} fields
 * @returns {Set<string>}
 */
export function shownAtFirst(view, fields) {
  const constant = new Set(view.columns.params.filter((each) => each.constant).map((each) => each.name));
  let metrics = 0;
  return new Set(fields.filter(({ role, key }) => (role === "metric" ? ++metrics <= METRICS : !(role === "param" && constant.has(key)))).map(({ key }) => key));
}

/**
 * The width of a column in pixels, by its header and a sample of its cells.
 * @param {Field} field
 * @param {ArrayLike<number>} rows
 */
export function widthOf(field, rows) {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  let longest = "";
  for (let i = 0; i < rows.length; i += step) {
    const text = field.text(rows[i]);
    if (text.length > longest.length) longest = text;
  }
  const cells = Math.max(measured(longest), field.numeric ? longest.length * measured("0") : 0) + (field.role === "state" ? 14 : 0);
  return Math.round(Math.min(BROAD, Math.max(NARROW, cells + ROOM, measured(field.label) + SORT)));
}

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/** @param {string} text */
function measured(text) {
  context ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = FONT.replace("12px", "14px");
  return context.measureText(text).width;
}

/**
 * @param {Column} column
 * @param {"goal" | "param" | "metric"} role
 * @returns {Field}
 */
function ofColumn(column, role) {
  const categorical = column.kind === "categorical";
  const levels = categorical && column.levels.every((level) => level.trim() !== "" && Number.isFinite(Number(level)));
  const found = (/** @type {number} */ row) => cell(column, row);
  return {
    key: column.name, label: column.name, role, numeric: !categorical || levels,
    values: () => {
      if (!categorical) return column.values;
      const { places } = orderedLevels(column.levels);
      return Float64Array.from(column.values, (code) => places[code] ?? NaN);
    },
    text: (row) => { const value = found(row); return typeof value === "string" ? value : number(value); },
    full: (row) => { const value = found(row); return typeof value === "string" ? value : exact(value); },
  };
}

/**
 * @param {"number" | "state" | "seconds" | "cost"} key
 * @param {string} label
 * @param {Float64Array | Uint8Array} values
 * @param {(value: number) => string} full
 * @returns {Field}
 */
function fact(key, label, values, full) {
  const text = key === "cost" ? number : key === "number" ? String : full;
  return { key, label, role: key, numeric: true, values: () => values, text: (row) => text(values[row]), full: (row) => full(values[row]) };
}

/**
 * @param {Float64Array} dup
 * @returns {Field}
 */
function duplicates(dup) {
  const text = (/** @type {number} */ row) => (dup[row] >= 0 ? `of ${dup[row]}` : "");
  return {
    key: "dup", label: "duplicate", role: "dup", numeric: true, values: () => Float64Array.from(dup, (of) => (of < 0 ? NaN : of)),
    text, full: (row) => (dup[row] >= 0 ? String(dup[row]) : ""),
  };
}
