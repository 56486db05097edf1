// The trials of a sweep as typed arrays, unpacked from one block of bytes, the same from the server and in a report.

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {"param" | "goal" | "metric"} role
 * @property {"float" | "int" | "categorical"} kind
 * @property {Float32Array | Float64Array} values  codes of levels for a categorical one; NaN: not set
 * @property {string[]} levels text of each code; two that only look alike have two
 * @property {number | null} low
 * @property {number | null} high
 * @property {boolean} log
 * @property {boolean} constant
 * @property {boolean} rounded to the 7 digits of a single float
 */

/**
 * @typedef {object} Columns
 * @property {string} rev
 * @property {number} n
 * @property {number} t0 epoch seconds of the first start
 * @property {string[]} states
 * @property {Float64Array} number
 * @property {Uint8Array} state index into `states`
 * @property {Float64Array} start seconds after `t0`
 * @property {Float64Array} seconds
 * @property {Float64Array} cost
 * @property {Float64Array} dup number of the trial that had these parameters first, -1: it is the first
 * @property {string[]} ids run ids; empty in a report
 * @property {Set<string>} rounded which of start, seconds and cost have the 7 digits of a single float
 * @property {Column[]} params
 * @property {Column[]} goals
 * @property {Column[]} metrics
 */

const TYPES = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };
const MISSING = { u1: 0xff, u2: 0xffff };

/**
 * @param {ArrayBuffer} buffer
 * @returns {Columns & {full: boolean}}
 */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const body = 4 + length;
  /** @type {Columns & {full: boolean}} */
  const made = {
    rev: header.rev, n: header.n, full: header.full !== false, t0: header.t0 ?? 0, states: header.states,
    number: new Float64Array(header.n), state: new Uint8Array(header.n), start: empty(header.n),
    seconds: empty(header.n), cost: empty(header.n), dup: new Float64Array(header.n).fill(-1), ids: [], rounded: new Set(),
    params: [], goals: [], metrics: [],
  };
  for (const each of header.columns) place(made, each, buffer, body);
  return made;
}

/**
 * Take rows that are new or changed into columns, and return them whole.
 * @param {Columns} known
 * @param {Columns & {full: boolean}} more
 * @returns {Columns}
 */
export function merge(known, more) {
  if (more.full || more.n === 0) return more.full ? more : { ...known, rev: more.rev };
  const [rows, n] = targets(known, more);
  /** @template {Float32Array | Float64Array | Uint8Array} T @param {T} old @param {ArrayLike<number>} added @returns {T} */
  const joined = (old, added) => {
    const Type = /** @type {any} */ (old.constructor);
    const made = new Type(n);
    if (Type !== Uint8Array) made.fill(NaN);
    made.set(old);
    rows.forEach((row, i) => { made[row] = added[i]; });
    return made;
  };
  const ids = known.ids.slice();
  if (more.ids.length) rows.forEach((row, i) => { ids[row] = more.ids[i]; });
  const same = (/** @type {Column[]} */ olds, /** @type {Column[]} */ news) => joinColumns(olds, news, known.n, rows, n);
  const later = known.t0 - more.t0; // the first start is another one: nothing had started, or it was tried again
  return {
    ...known, rev: more.rev, n, t0: more.t0, ids, number: joined(known.number, more.number), state: joined(known.state, more.state),
    start: joined(later ? known.start.map((s) => s + later) : known.start, more.start),
    seconds: joined(known.seconds, more.seconds), cost: joined(known.cost, more.cost), dup: joined(known.dup, more.dup),
    params: same(known.params, more.params), goals: same(known.goals, more.goals), metrics: same(known.metrics, more.metrics),
  };
}

/**
 * The value of a cell as a reader sees it.
 * @param {Column} column
 * @param {number} row
 * @returns {number | string | null} null: not set
 */
export function cell(column, row) {
  const found = column.values[row];
  if (Number.isNaN(found)) return null;
  return column.kind === "categorical" ? column.levels[found] : found;
}

/**
 * Rows that completed with a value of the goal, the best first.
 * @param {Columns} columns
 * @param {number} goal
 * @param {boolean} maximize
 * @returns {Uint32Array}
 */
export function ranked(columns, goal, maximize) {
  const complete = columns.states.indexOf("complete"), values = columns.goals[goal]?.values;
  if (!values) return new Uint32Array();
  const rows = [];
  for (let i = 0; i < columns.n; i++) if (columns.state[i] === complete && !Number.isNaN(values[i])) rows.push(i);
  const order = Uint32Array.from(rows), sign = maximize ? -1 : 1;
  return order.sort((a, b) => sign * (values[a] - values[b]) || a - b);
}

/** @param {number} n */
function empty(n) {
  return new Float64Array(n).fill(NaN);
}

/**
 * @param {Columns} made
 * @param {any} each
 * @param {ArrayBuffer} buffer
 * @param {number} body
 */
function place(made, each, buffer, body) {
  if (each.role === "id") {
    const text = new TextDecoder().decode(new Uint8Array(buffer, body + each.at, each.bytes));
    made.ids = made.n ? text.split("\n") : [];
    return;
  }
  const Type = TYPES[/** @type {keyof typeof TYPES} */ (each.dtype)];
  const raw = new Type(buffer, body + each.at, each.bytes / Type.BYTES_PER_ELEMENT);
  if (["number", "state", "start", "seconds", "cost", "dup"].includes(each.role)) {
    /** @type {any} */ (made)[each.role].set(raw);
    if (each.dtype === "f4") made.rounded.add(each.role);
    return;
  }
  const column = {
    name: each.name, role: each.role, kind: each.kind ?? "float", values: numbers(raw, each), levels: each.levels ?? [],
    low: each.low ?? null, high: each.high ?? null, log: Boolean(each.log), constant: Boolean(each.constant),
    rounded: each.dtype === "f4",
  };
  if (each.codes) spread(column, each.codes);
  ({ param: made.params, goal: made.goals, metric: made.metrics })[/** @type {"param"} */ (each.role)].push(column);
}

/**
 * An increment has the levels that occur in it, and which codes they have in the whole.
 * @param {Column} column
 * @param {number[]} codes
 */
function spread(column, codes) {
  column.values = Float64Array.from(column.values, (place) => codes[place] ?? NaN);
  const { levels } = column;
  column.levels = [];
  codes.forEach((code, place) => { column.levels[code] = levels[place]; });
}

/**
 * @param {Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array} raw
 * @param {any} each
 */
function numbers(raw, each) {
  if (raw instanceof Float32Array || raw instanceof Float64Array) return raw;
  const made = new Float64Array(raw);
  const missing = each.kind === "categorical" ? MISSING[/** @type {"u1"} */ (each.dtype)] : undefined;
  if (missing !== undefined) for (let i = 0; i < made.length; i++) if (made[i] === missing) made[i] = NaN;
  return made;
}

/**
 * Where each row of an increment goes, and how many rows there are then.
 * @param {Columns} known
 * @param {Columns} more
 * @returns {[number[], number]}
 */
function targets(known, more) {
  const rows = [];
  let n = known.n;
  for (const number of more.number) {
    const row = rowOf(known.number, number);
    rows.push(row < 0 ? n++ : row);
  }
  return [rows, n];
}

/**
 * The row of a trial by its number; -1: there is none.
 * @param {Float64Array} sorted numbers of all trials
 * @param {number} wanted
 */
export function rowOf(sorted, wanted) {
  if (sorted[wanted] === wanted) return wanted; // numbers have no gaps as a rule
  let low = 0, high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] === wanted) return middle;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * @param {Column[]} olds
 * @param {Column[]} news
 * @param {number} before rows before
 * @param {number[]} rows
 * @param {number} n
 * @returns {Column[]}
 */
function joinColumns(olds, news, before, rows, n) {
  const names = [...new Set([...olds, ...news].map((column) => column.name))];
  return names.map((name) => {
    const old = olds.find((column) => column.name === name), added = news.find((column) => column.name === name);
    const levels = old?.levels.slice() ?? [];
    const values = new Float64Array(n).fill(NaN);
    if (old) values.set(old.values.subarray(0, before));
    if (added) {
      added.levels.forEach((level, code) => { levels[code] = level; });
      rows.forEach((row, i) => { values[row] = added.values[i]; });
    } else rows.forEach((row) => { values[row] = NaN; });
    const constant = (old?.constant ?? true) && (added?.constant ?? true), rounded = Boolean(old?.rounded || added?.rounded);
    return { .../** @type {Column} */ (old ?? added), levels, values, constant, rounded };
  });
}
