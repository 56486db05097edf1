// Which columns stand as axes of a chart, in which order, which way round; as the address keeps them.

import { unescaped } from "../core/filter.js";
import { axisOf } from "../core/scales.js";
import { find } from "../core/selection.js";

/** @typedef {import("../core/columns.js").Columns} Columns */
/** @typedef {import("../core/columns.js").Column} Column */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {{name: string, flipped: boolean}} Place */

export const MOST = 8;
const DECADES = 30; // a metric whose middle 90 % spans more than this factor is easier to read by logarithm

/**
 * The axis of a column by its name: declared scale of a parameter; a metric's far outliers lie beyond its ends,
 * one that spans decades is logarithmic.
 * @param {Columns} columns
 * @param {string} name
 * @returns {{column: Column, axis: Axis} | null}
 */
export function axisFor(columns, name) {
  const column = find(columns, name);
  if (!column) return null;
  if (column.role === "param" || column.kind === "categorical" || !wide(column.values)) {
    return { column, axis: axisOf(column, { robust: true }) };
  }
  return { column, axis: axisOf({ ...column, log: true }) };
}

/**
 * Names of all columns that may stand as an axis, those that vary first.
 * @param {Columns} columns
 */
export function choices(columns) {
  const all = [...columns.goals, ...columns.params.filter((each) => !each.constant), ...columns.metrics];
  const facts = [["seconds", columns.seconds], ["cost", columns.cost], ["number", columns.number]];
  const known = facts.filter(([, values]) => /** @type {Float64Array} */ (values).some((v) => !Number.isNaN(v)));
  return [...new Set([...all.map((each) => each.name), ...known.map(([name]) => /** @type {string} */ (name))])];
}

/**
 * The axes of a reader who has chosen none: the goals, then the parameters that matter most.
 * @param {string[]} goals
 * @param {string[]} order
 * @returns {Place[]}
 */
export function standard(goals, order) {
  return [...new Set([...goals, ...order])].slice(0, MOST).map((name) => ({ name, flipped: false }));
}

/**
 * @param {string} text "val_acc,~lr": lr upside down
 * @returns {Place[]}
 */
export function parse(text) {
  const places = text.split(",").filter(Boolean).map((part) => {
    const flipped = part.startsWith("~");
    return { name: unescaped(part.slice(flipped ? 1 : 0)), flipped };
  });
  return places.filter((place, i) => places.findIndex((other) => other.name === place.name) === i);
}

/** @param {Place[]} places */
export function format(places) {
  const escaped = (/** @type {string} */ name) => name.replace(/[%,~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return places.map(({ name, flipped }) => (flipped ? "~" : "") + escaped(name)).join(",");
}

/**
 * The same axes with one at another place.
 * @param {Place[]} places
 * @param {string} name
 * @param {number} to
 */
export function moved(places, name, to) {
  const place = places.find((each) => each.name === name);
  if (!place) return places;
  const rest = places.filter((each) => each !== place);
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, place);
  return rest;
}

/**
 * How many cells are not set.
 * @param {ArrayLike<number>} values
 */
export function missing(values) {
  let found = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) found++;
  return found;
}

/** @param {ArrayLike<number>} values */
function wide(values) {
  const step = Math.max(1, Math.floor(values.length / 4000)), kept = [];
  for (let i = 0; i < values.length; i += step) if (!Number.isNaN(values[i])) kept.push(values[i]);
  if (kept.length < 20) return false;
  const sorted = Float64Array.from(kept).sort();
  for (let i = 0; i < values.length; i++) if (values[i] <= 0) return false;
  return sorted[Math.floor(0.95 * sorted.length)] / sorted[Math.floor(0.05 * sorted.length)] > DECADES;
}
