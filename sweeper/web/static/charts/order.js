// Rows in the order of a column. Many are not compared: a radix sort on the bits of the numbers, stable.

const DIGIT = 11, DIGITS = 1 << DIGIT;
const FEW = 3000; // rows that are compared

/**
 * Rows by ascending value; equal ones stay in the order of rows, NaN comes last either way.
 * @param {ArrayLike<number>} values
 * @param {boolean} [descending]
 * @returns {Uint32Array}
 */
export function order(values, descending = false) {
  const n = values.length, rows = new Uint32Array(n);
  let set = 0, unset = n;
  for (let i = n - 1; i >= 0; i--) if (Number.isNaN(values[i])) rows[--unset] = i;
  for (let i = 0; i < n; i++) if (!Number.isNaN(values[i])) rows[set++] = i;
  if (sorted(values, rows, set, descending)) return rows;
  if (set <= FEW) {
    const sign = descending ? -1 : 1;
    rows.subarray(0, set).sort((a, b) => (values[a] === values[b] ? a - b : values[a] < values[b] ? -sign : sign));
  } else sortBy(rows, set, keys(values, descending));
  return rows;
}

/**
 * @param {ArrayLike<number>} values
 * @param {Uint32Array} rows
 * @param {number} n
 * @param {boolean} descending
 */
function sorted(values, rows, n, descending) {
  for (let i = 1; i < n; i++) {
    const before = values[rows[i - 1]], after = values[rows[i]];
    if (descending ? before < after : before > after) return false;
  }
  return true;
}

/**
 * The bits of each row's number as two whole numbers that sort as it does.
 * @param {ArrayLike<number>} values
 * @param {boolean} descending
 */
function keys(values, descending) {
  const n = values.length, floats = new Float64Array(n), bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < n; i++) floats[i] = values[i] + 0; // -0 sorts as 0
  const high = new Uint32Array(n), low = new Uint32Array(n), turn = descending ? 0xffffffff : 0;
  for (let i = 0; i < n; i++) {
    const top = bits[2 * i + 1], flip = top >>> 31 ? 0xffffffff : 0;
    high[i] = top ^ (flip | 0x80000000) ^ turn;
    low[i] = bits[2 * i] ^ flip ^ turn;
  }
  return { high, low };
}

/**
 * @param {Uint32Array} rows sorted in place, the first `n`
 * @param {number} n
 * @param {{high: Uint32Array, low: Uint32Array}} keys by row
 */
function sortBy(rows, n, { high, low }) {
  let from = rows.slice(0, n), to = new Uint32Array(n);
  const counts = new Uint32Array(DIGITS);
  for (const [key, shift] of /** @type {[Uint32Array, number][]} */ ([[low, 0], [low, 11], [low, 22], [high, 0], [high, 11], [high, 22]])) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(key[from[i]] >>> shift) & (DIGITS - 1)]++;
    if (counts[(key[from[0]] >>> shift) & (DIGITS - 1)] === n) continue; // all alike in this digit
    for (let i = 0, sum = 0; i < DIGITS; i++) [counts[i], sum] = [sum, sum + counts[i]];
    for (let i = 0; i < n; i++) to[counts[(key[from[i]] >>> shift) & (DIGITS - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  rows.set(from);
}
