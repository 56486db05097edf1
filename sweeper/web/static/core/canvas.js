// Canvases that are sharp on every screen, and the page's colours as the theme has them.

/**
 * @typedef {object} Colors
 * @property {string} ink text and lines that matter
 * @property {string} muted
 * @property {string} faint lines of the grid
 * @property {string} surface
 * @property {string} accent
 * @property {string} good
 * @property {string} bad
 * @property {string} warn
 * @property {string} cloud all trials, behind
 */

/** @type {Colors | null} */
let known = null;

/** The colours of the theme, as texts for a canvas. @returns {Colors} */
export function colors() {
  if (!known) {
    const style = getComputedStyle(document.documentElement);
    const of = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    known = {
      ink: of("ink"), muted: of("muted"), faint: of("line"), surface: of("surface"), accent: of("accent"),
      good: of("good"), bad: of("bad"), warn: of("warn"), cloud: of("cloud"),
    };
  }
  return known;
}

/** The theme has changed. */
export function forgetColors() {
  known = null;
}

const VIRIDIS = [
  [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37],
];

/**
 * A colour of viridis (Smith and van der Walt, 2015), even for readers who tell few colours apart.
 * @param {number} t 0 to 1
 */
export function viridis(t) {
  const at = Math.max(0, Math.min(1, t)) * (VIRIDIS.length - 1), low = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const mix = VIRIDIS[low].map((c, i) => Math.round(c + (VIRIDIS[low + 1][i] - c) * (at - low)));
  return `rgb(${mix.join(",")})`;
}

/** Colours for a few things side by side (Okabe and Ito, 2008). */
export const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a7a00", "#7f7f7f", "#882255", "#44aa99"];

/**
 * Give a canvas the pixels of its place on the page.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {CanvasRenderingContext2D}
 */
export function fit(canvas, width, height) {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  canvas.style.setProperty("width", `${width}px`);
  canvas.style.setProperty("height", `${height}px`);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/**
 * Call with the width of an element now and whenever it changes.
 * @param {Element} element
 * @param {(width: number) => void} draw
 * @returns {() => void} stops it
 */
export function onWidth(element, draw) {
  let last = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== last) draw((last = width));
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/**
 * Call at most once a frame, however often it is asked.
 * @param {() => void} draw
 */
export function once(draw) {
  let asked = 0;
  return () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      draw();
    });
  };
}
