// Curves of different lengths on one axis of steps, as uPlot wants them, and what the middle half of many does.

/** @typedef {{number: number, steps: number[], values: (number | string | null)[]}} Curve */

const FEWEST = 5; // curves of which the middle half says anything
const GRID = 120; // steps at which it is looked at

/**
 * All steps in order, and for each curve a value or undefined at each of them; null where there is a gap.
 * @param {Curve[]} curves
 * @returns {[number[], ...(number | null | undefined)[][]]}
 */
export function aligned(curves) {
  const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  const places = new Map(steps.map((step, i) => [step, i]));
  const columns = curves.map((curve) => {
    /** @type {(number | null | undefined)[]} */
    const made = new Array(steps.length).fill(undefined);
    curve.steps.forEach((step, i) => { made[/** @type {number} */ (places.get(step))] = finite(curve.values[i]); });
    return made;
  });
  return [steps, ...columns];
}

/**
 * Quartiles over curves at a grid of steps; each curve counts up to its own end. Null when there are too few.
 * @param {Curve[]} curves
 * @returns {{low: Curve, middle: Curve, high: Curve} | null}
 */
export function band(curves) {
  if (curves.length < FEWEST) return null;
  const all = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b), each = Math.max(1, Math.ceil(all.length / GRID));
  const steps = all.filter((_, i) => i % each === 0 || i === all.length - 1);
  /** @type {number[][]} */
  const rows = steps.map(() => []);
  for (const { steps: own, values } of curves) {
    let at = -1;
    steps.forEach((step, i) => {
      while (at + 1 < own.length && own[at + 1] <= step) at++;
      const value = at < 0 || step > own[own.length - 1] ? null : finite(values[at]);
      if (value !== null) rows[i].push(value);
    });
  }
  const kept = steps.map((_, i) => i).filter((i) => rows[i].length >= FEWEST);
  if (!kept.length) return null;
  rows.forEach((row) => row.sort((a, b) => a - b));
  const line = (/** @type {number} */ q) => ({ number: -1, steps: kept.map((i) => steps[i]), values: kept.map((i) => rows[i][Math.round(q * (rows[i].length - 1))]) });
  return { low: line(0.25), middle: line(0.5), high: line(0.75) };
}

/**
 * The last value of a curve that is a number.
 * @param {Curve} curve
 */
export function lastOf(curve) {
  for (let i = curve.values.length - 1; i >= 0; i--) if (finite(curve.values[i]) !== null) return finite(curve.values[i]);
  return null;
}

/**
 * @param {number | string | null | undefined} value
 * @returns {number | null}
 */
export function finite(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
