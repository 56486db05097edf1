// Rows in the order of a column, without comparing them: a radix sort on the bits of the numbers, stable.

const DIGIT = 16, DIGITS = 1 << DIGIT;

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
  if (!sorted(values, rows, set, descending)) {
    const [high, low] = keys(values, rows, set, descending);
    sortBy(rows, set, high, low);
  }
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
 * @param {Uint32Array} rows
 * @param {number} n
 * @param {boolean} descending
 */
function keys(values, rows, n, descending) {
  const floats = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = values[i] + 0; // -0 sorts as 0
  const bits = new Uint32Array(floats.buffer), high = new Uint32Array(values.length), low = new Uint32Array(values.length);
  const turn = descending ? 0xffffffff : 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i], top = bits[2 * row + 1], flip = top >>> 31 ? 0xffffffff : 0;
    high[row] = (top ^ (flip | 0x80000000) ^ turn) >>> 0;
    low[row] = (bits[2 * row] ^ flip ^ turn) >>> 0;
  }
  return [high, low];
}

/**
 * @param {Uint32Array} rows sorted in place, the first `n`
 * @param {number} n
 * @param {Uint32Array} high
 * @param {Uint32Array} low
 */
function sortBy(rows, n, high, low) {
  let from = rows.slice(0, n), to = new Uint32Array(n);
  const counts = new Uint32Array(DIGITS + 1);
  for (const [key, shift] of /** @type {[Uint32Array, number][]} */ ([[low, 0], [low, DIGIT], [high, 0], [high, DIGIT]])) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[((key[from[i]] >>> shift) & (DIGITS - 1)) + 1]++;
    if (counts.includes(n)) continue; // all alike in this digit
    for (let i = 0; i < DIGITS; i++) counts[i + 1] += counts[i];
    for (let i = 0; i < n; i++) to[counts[(key[from[i]] >>> shift) & (DIGITS - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  rows.set(from);
}
