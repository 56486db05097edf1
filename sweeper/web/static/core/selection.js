// One selection for the whole page: conditions on columns, trials ticked one by one, and the row under the pointer.

import { isNumber } from "./filter.js";

/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./filter.js").Condition} Condition */

/**
 * Rows that meet all conditions. Those on a name that no column has are passed over.
 * @param {Columns} columns
 * @param {Condition[]} conditions
 * @param {Uint8Array} [mask] reused when it has the right length
 */
export function apply(columns, conditions, mask = new Uint8Array(columns.n)) {
  const made = mask.length === columns.n ? mask : new Uint8Array(columns.n);
  made.fill(1);
  for (const condition of conditions) narrow(columns, condition, made);
  return made;
}

/**
 * The column a condition or a link names: a parameter, a goal, a metric, or a fact of every trial ("trial.state" is
 * always the fact).
 * @param {Columns} columns
 * @param {string} name
 * @returns {Column | null}
 */
export function find(columns, name) {
  const found = named(columns, name);
  if (found) return found;
  name = name.replace(/^trial\./, "");
  const plain = new Map(Object.entries({
    number: columns.number, seconds: columns.seconds, cost: columns.cost, start: columns.start, dup: columns.dup,
  })).get(name);
  if (plain) return { ...fact(name, plain, "float", []), rounded: columns.rounded.has(name) };
  return name === "state" ? fact("state", Float64Array.from(columns.state), "categorical", columns.states) : null;
}

/**
 * What a fact of every trial is called in conditions: a parameter of its name goes first.
 * @param {Columns} columns
 * @param {string} name
 */
export function factName(columns, name) {
  return named(columns, name) ? `trial.${name}` : name;
}

/**
 * @param {Columns} columns
 * @param {string} name
 */
function named(columns, name) {
  return [...columns.params, ...columns.goals, ...columns.metrics].find((column) => column.name === name);
}

/**
 * @param {Uint8Array} mask
 */
export function size(mask) {
  let found = 0;
  for (let i = 0; i < mask.length; i++) found += mask[i];
  return found;
}

/**
 * @param {string} name
 * @param {Float64Array} values
 * @param {"float" | "categorical"} kind
 * @param {string[]} levels
 * @returns {Column}
 */
function fact(name, values, kind, levels) {
  return { name, role: "metric", kind, values, levels, low: null, high: null, log: false, constant: false, rounded: false };
}

/**
 * @param {Columns} columns
 * @param {Condition} condition
 * @param {Uint8Array} mask
 */
function narrow(columns, condition, mask) {
  const column = find(columns, condition.name);
  if (!column) return;
  const { values } = column;
  if ("unset" in condition) {
    for (let i = 0; i < mask.length; i++) if (!Number.isNaN(values[i])) mask[i] = 0;
  } else if ("levels" in condition) {
    const wanted = codes(column, condition.levels);
    for (let i = 0; i < mask.length; i++) if (!wanted.has(values[i])) mask[i] = 0;
  } else {
    const low = Math.min(...ends(column, condition.low ?? -Infinity)), high = Math.max(...ends(column, condition.high ?? Infinity));
    for (let i = 0; i < mask.length; i++) if (!(values[i] >= low && values[i] <= high)) mask[i] = 0;
  }
}

/**
 * The values that are meant: of a choice all that look so, otherwise numbers.
 * @param {Column} column
 * @param {string[]} texts
 * @returns {Set<number>}
 */
function codes(column, texts) {
  if (column.kind !== "categorical") return new Set(texts.filter(isNumber).flatMap((text) => ends(column, Number(text))));
  const named = new Set(texts), found = new Set();
  column.levels.forEach((level, code) => { if (named.has(level)) found.add(code); });
  return found;
}

/**
 * A number as it was written, and as a rounded column holds it: 0.7 is 0.699999988 there.
 * @param {Column} column
 * @param {number} value
 */
function ends(column, value) {
  return column.rounded ? [value, Math.fround(value)] : [value];
}
