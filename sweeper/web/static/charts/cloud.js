// Many trials as a cloud: each small cell is as strong as trials lie in it, whatever their number.

import { rgb } from "./density.js";

const CELL = 2; // CSS pixels
const FAINTEST = 0.4;

/** @type {HTMLCanvasElement | null} */
let stamp = null;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{px: Float32Array, py: Float32Array, width: number, height: number}} places in CSS pixels; NaN: nowhere
 * @param {(row: number) => boolean} drawn
 * @param {string} shade
 * @returns {number} trials drawn
 */
export function cloud(context, { px, py, width, height }, drawn, shade) {
  const across = Math.ceil(width / CELL), up = Math.ceil(height / CELL), counts = new Uint32Array(across * up);
  let met = 0, most = 1;
  for (let row = 0; row < px.length; row++) {
    if (!drawn(row) || !(px[row] >= 0 && px[row] < width && py[row] >= 0 && py[row] < height)) continue;
    const found = ++counts[Math.floor(py[row] / CELL) * across + Math.floor(px[row] / CELL)];
    if (found > most) most = found;
    met++;
  }
  stamp ??= document.createElement("canvas");
  [stamp.width, stamp.height] = [across, up];
  const small = /** @type {CanvasRenderingContext2D} */ (stamp.getContext("2d"));
  small.putImageData(new ImageData(pixels(counts, most, rgb(shade)), across, up), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(stamp, 0, 0, across * CELL, up * CELL);
  return met;
}

/**
 * @param {Uint32Array} counts
 * @param {number} most
 * @param {number[]} colour
 */
function pixels(counts, most, [red, green, blue]) {
  const made = new Uint8ClampedArray(4 * counts.length), whole = Math.log1p(most);
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]) made.set([red, green, blue, 255 * (FAINTEST + (1 - FAINTEST) * (Math.log1p(counts[i]) / whole))], 4 * i);
  }
  return made;
}
