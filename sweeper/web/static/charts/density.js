// How many lines or points pass each place of a picture: the fast way to draw many thousands of them. Each line
// counts once a column of the picture, however steep it is (after Moritz and Fisher, 2018).

/** @typedef {[number, number, number]} Color  red, green, blue */

/**
 * @typedef {object} Raster
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} counts column by column
 * @property {Float32Array | null} sums of what the lines weigh, to colour by its mean
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {boolean} [weighted]
 * @returns {Raster}
 */
export function raster(width, height, weighted = false) {
  const [w, h] = [Math.max(1, Math.ceil(width)), Math.max(1, Math.ceil(height))];
  return { width: w, height: h, counts: new Float32Array(w * h), sums: weighted ? new Float32Array(w * h) : null };
}

/**
 * Count lines between axes.
 * @param {Raster} into
 * @param {number[]} xs columns of the axes
 * @param {Float32Array[]} ys of each axis: the height of each row, in the raster's pixels
 * @param {ArrayLike<number>} rows
 * @param {number} from
 * @param {number} to
 * @param {Float32Array | null} [weights] of each of `rows`
 */
export function addLines(into, xs, ys, rows, from, to, weights = null) {
  const n = to - from;
  if (n <= 0) return;
  const mine = weights?.subarray(from, to);
  let left = gathered(ys[0], rows, from, n);
  for (let axis = 1; axis < xs.length; axis++) {
    const right = gathered(ys[axis], rows, from, n), last = axis === xs.length - 1 ? 1 : 0;
    const start = Math.max(0, Math.round(xs[axis - 1])), end = Math.min(into.width, Math.round(xs[axis]) + last);
    const length = Math.max(1, xs[axis] - xs[axis - 1]);
    for (let x = start; x < end; x++) addColumn(into, x * into.height, left, right, Math.min(1, (x - start) / length), mine);
    left = right;
  }
}

/**
 * @param {Raster} into
 * @param {number} column where it begins
 * @param {Float32Array} left
 * @param {Float32Array} right
 * @param {number} t
 * @param {Float32Array | undefined} weights
 */
function addColumn({ counts, sums }, column, left, right, t, weights) {
  if (sums && weights) {
    for (let i = 0; i < left.length; i++) {
      const at = column + ((left[i] + (right[i] - left[i]) * t) | 0);
      counts[at] += 1;
      sums[at] += weights[i];
    }
  } else for (let i = 0; i < left.length; i++) counts[column + ((left[i] + (right[i] - left[i]) * t) | 0)] += 1;
}

/**
 * The pixels of a raster: the more lines, the less is seen through them. Their colour is the palette's at the mean
 * weight; without weights it is the first.
 * @param {Raster} from
 * @param {Color[]} palette
 * @param {number} lines how many were counted
 * @param {number} most opacity where lines are dense, 0 to 1
 * @returns {Uint8ClampedArray<ArrayBuffer>} row by row, RGBA
 */
export function painted({ width, height, counts, sums }, palette, lines, most) {
  const pixels = new Uint32Array(width * height), rate = 128 * Math.min(0.35, (0.9 * height) / Math.max(1, lines));
  const inks = Uint32Array.from(palette, ([r, g, b]) => (b << 16) | (g << 8) | r), last = palette.length - 1;
  const alphas = Uint32Array.from({ length: 1024 }, (_, i) => (Math.max(10, Math.round(255 * most * (1 - Math.exp(-i / 128)))) << 24) >>> 0);
  for (let x = 0; x < width; x++) {
    const column = x * height;
    for (let y = 0; y < height; y++) {
      const count = counts[column + y];
      if (!count) continue;
      const ink = sums ? Math.round((sums[column + y] / count) * last) : 0;
      pixels[y * width + x] = alphas[Math.min(1023, (count * rate) | 0)] | inks[ink];
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/**
 * Red, green and blue of "#1b2430" or "rgb(27,36,48)".
 * @param {string} color
 * @returns {Color}
 */
export function rgb(color) {
  const plain = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(color);
  if (plain) return [Number(plain[1]), Number(plain[2]), Number(plain[3])];
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

/** A picture for each canvas: one for all would have to wait until the last drawing of it is done. @type {WeakMap<CanvasRenderingContext2D, HTMLCanvasElement>} */
const pictures = new WeakMap();

/**
 * Put a raster into a canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {Raster} counted
 * @param {Color[]} palette
 * @param {{lines: number, most: number, wide: number, high: number, smooth: boolean}} how `wide`, `high`: pixels of the page for one of the raster's
 */
export function blit(context, counted, palette, { lines, most, wide, high, smooth }) {
  const { width, height } = counted, picture = pictures.get(context) ?? document.createElement("canvas");
  pictures.set(context, picture);
  if (picture.width !== width || picture.height !== height) [picture.width, picture.height] = [width, height];
  const pixels = new ImageData(painted(counted, palette, lines, most), width, height);
  /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")).putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(picture, 0, 0, width, height, 0, 0, width * wide, height * high);
}
