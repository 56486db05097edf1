// One selection for the whole page: conditions on columns, trials ticked one by one, and the row under the pointer.

/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./filter.js").Condition} Condition */

const FLOATS = new Set(["seconds", "cost", "start"]);

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
 * The column a condition or a link names: a parameter, a goal, a metric, or a fact of every trial.
 * @param {Columns} columns
 * @param {string} name
 * @returns {Column | null}
 */
export function find(columns, name) {
  const found = [...columns.params, ...columns.goals, ...columns.metrics].find((column) => column.name === name);
  if (found) return found;
  const plain = new Map(Object.entries({
    number: columns.number, seconds: columns.seconds, cost: columns.cost, start: columns.start, dup: columns.dup,
  })).get(name);
  if (plain) return fact(name, plain, "float", []);
  return name === "state" ? fact("state", Float64Array.from(columns.state), "categorical", columns.states) : null;
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
  return { name, role: "metric", kind, values, levels, low: null, high: null, log: false, constant: false, rounded: FLOATS.has(name) };
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
    const wanted = new Set(column.kind === "categorical"
      ? condition.levels.map((level) => column.levels.indexOf(level)) : condition.levels.flatMap((level) => ends(column, Number(level))));
    for (let i = 0; i < mask.length; i++) if (!wanted.has(values[i])) mask[i] = 0;
  } else {
    const low = Math.min(...ends(column, condition.low ?? -Infinity)), high = Math.max(...ends(column, condition.high ?? Infinity));
    for (let i = 0; i < mask.length; i++) if (!(values[i] >= low && values[i] <= high)) mask[i] = 0;
  }
}

/**
 * A number as it was written, and as a rounded column holds it: 0.7 is 0.699999988 there.
 * @param {Column} column
 * @param {number} value
 */
function ends(column, value) {
  return column.rounded ? [value, Math.fround(value)] : [value];
}
