// How many lines or points pass each place of a picture: the fast way to draw many thousands of them. Each line
// counts once a column of the picture, however steep it is (after Moritz and Fisher, 2018).

/**
 * @typedef {object} Raster
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} counts column by column
 */

/**
 * @param {number} width
 * @param {number} height
 * @returns {Raster}
 */
export function raster(width, height) {
  const [w, h] = [Math.max(1, Math.ceil(width)), Math.max(1, Math.ceil(height))];
  return { width: w, height: h, counts: new Float32Array(w * h) };
}

/**
 * Count lines between axes.
 * @param {Raster} into
 * @param {number[]} xs columns of the axes
 * @param {Float32Array[]} ys of each axis: the height of each row, in the raster's pixels
 * @param {ArrayLike<number>} rows
 * @param {number} [from]
 * @param {number} [to]
 */
export function addLines(into, xs, ys, rows, from = 0, to = rows.length) {
  const n = to - from, { counts, width, height } = into;
  if (n <= 0) return;
  let left = gathered(ys[0], rows, from, n);
  for (let axis = 1; axis < xs.length; axis++) {
    const right = gathered(ys[axis], rows, from, n);
    const start = Math.max(0, Math.round(xs[axis - 1])), end = Math.min(width, Math.round(xs[axis]) + (axis === xs.length - 1 ? 1 : 0));
    const length = Math.max(1, xs[axis] - xs[axis - 1]);
    for (let x = start; x < end; x++) {
      const t = Math.min(1, (x - start) / length), column = x * height;
      for (let i = 0; i < n; i++) counts[column + ((left[i] + (right[i] - left[i]) * t) | 0)] += 1;
    }
    left = right;
  }
}

/**
 * The pixels of a raster in one colour: the more lines, the less is seen through them.
 * @param {Raster} from
 * @param {[number, number, number]} color
 * @param {number} lines how many were counted
 * @param {number} most opacity where lines are dense, 0 to 1
 * @returns {Uint8ClampedArray<ArrayBuffer>} row by row, RGBA
 */
export function painted({ width, height, counts }, [r, g, b], lines, most) {
  const pixels = new Uint32Array(width * height), rate = Math.min(0.35, (0.45 * height) / Math.max(1, lines));
  const shades = Uint32Array.from({ length: 256 }, (_, i) => (((i << 24) | (b << 16) | (g << 8) | r) >>> 0));
  const table = Uint8Array.from({ length: 1024 }, (_, i) => Math.round(255 * most * (1 - Math.exp(-i / 128))));
  for (let x = 0; x < width; x++) {
    const column = x * height;
    for (let y = 0; y < height; y++) {
      const count = counts[column + y];
      if (count) pixels[y * width + x] = shades[Math.max(8, table[Math.min(1023, (count * rate * 128) | 0)])];
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/**
 * Red, green and blue of "#1b2430".
 * @param {string} color
 * @returns {[number, number, number]}
 */
export function rgb(color) {
  const found = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color.trim());
  return found ? [Number.parseInt(found[1], 16), Number.parseInt(found[2], 16), Number.parseInt(found[3], 16)] : [128, 128, 128];
}

/**
 * @param {Float32Array} values
 * @param {ArrayLike<number>} rows
 * @param {number} from
 * @param {number} n
 */
function gathered(values, rows, from, n) {
  const made = new Float32Array(n);
  for (let i = 0; i < n; i++) made[i] = values[rows[from + i]];
  return made;
}
