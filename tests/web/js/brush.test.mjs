// Brushes: from places on an axis to conditions and back.

import assert from "node:assert/strict";
import test from "node:test";

import { between, hull, nudged, parted, reaches, said, typed } from "../../../sweeper/web/static/charts/brush.js";
import { dragOf } from "../../../sweeper/web/static/charts/brushing.js";
import { axisOf, numeric } from "../../../sweeper/web/static/core/scales.js";

const lr = numeric("lr", 1e-5, 0.1, true), layers = numeric("layers", 2, 12, false, true), drop = numeric("drop", 0, 0.6);
const batch = axisOf({ name: "batch", role: "param", kind: "categorical", levels: ["128", "16", "32", "64"], values: new Float64Array(), low: null, high: null, log: false, constant: false });

test("a brush is a condition with short numbers, on the scale of its axis", () => {
  assert.deepEqual(between(lr, 0.25, 0.75), { name: "lr", low: 1e-4, high: 0.01 });
  assert.deepEqual(between(lr, 0.75, 0.25), { name: "lr", low: 1e-4, high: 0.01 });
  assert.deepEqual(between(layers, 0.11, 0.52), { name: "layers", low: 3, high: 7 });
  assert.deepEqual(between(drop, 1 / 3, 0.5), { name: "drop", low: 0.2, high: 0.3 });
});

test("an end of the axis leaves that side open, all of it restricts nothing", () => {
  assert.deepEqual(between(drop, -1, 0.5), { name: "drop", low: null, high: 0.3 });
  assert.deepEqual(between(drop, 0.5, 2), { name: "drop", low: 0.3, high: null });
  assert.equal(between(drop, 0, 1), null);
  assert.equal(between(batch, 0, 1), null);
});

test("levels are those whose middle is covered, in the order of their numbers; never none", () => {
  assert.deepEqual(batch.levels, ["16", "32", "64", "128"]);
  assert.deepEqual(between(batch, 0.1, 0.6), { name: "batch", levels: ["16", "32"] });
  assert.deepEqual(between(batch, 0.8, 0.81), { name: "batch", levels: ["128"] });
});

test("a condition stands on the axis where it was drawn", () => {
  for (const [axis, a, b] of [[lr, 0.25, 0.75], [drop, 0.2, 0.4], [layers, 0.1, 0.9]]) {
    const [[from, to]] = reaches(axis, between(axis, a, b));
    assert.ok(Math.abs(from - a) < 0.01 && Math.abs(to - b) < 0.01, `${axis.name} ${from} ${to}`);
  }
  assert.deepEqual(reaches(lr, { name: "lr", unset: true }), []);
  assert.deepEqual(reaches(lr, undefined), []);
  assert.deepEqual(reaches(lr, { name: "lr", low: -1, high: 5 }), [[0, 1]]);
});

test("levels side by side are one span, others two", () => {
  assert.deepEqual(reaches(batch, { name: "batch", levels: ["32", "16"] }), [[0, 0.5]]);
  assert.deepEqual(reaches(batch, { name: "batch", levels: ["16", "128"] }), [[0, 0.25], [0.75, 1]]);
  assert.deepEqual(hull(batch, { name: "batch", levels: ["16", "128"] }), [0, 1]);
});

test("numbers named one by one are points of a numeric axis", () => {
  assert.deepEqual(reaches(layers, { name: "layers", levels: ["2", "12"] }), [[0, 0], [1, 1]]);
});

test("the arrows move one end to the next mark, and never past the other", () => {
  let condition = nudged(lr, undefined, "high", -1);
  assert.deepEqual(condition, { name: "lr", low: null, high: 0.03 });
  condition = nudged(lr, condition, "low", 1);
  assert.deepEqual(condition, { name: "lr", low: 3e-5, high: 0.03 });
  assert.deepEqual(nudged(batch, undefined, "high", -1), { name: "batch", levels: ["16", "32", "64"] });
  const one = { name: "batch", levels: ["64"] };
  assert.deepEqual(nudged(batch, one, "high", -1), one);
  assert.deepEqual(nudged(batch, one, "low", -1), { name: "batch", levels: ["32", "64"] });
  assert.equal(nudged(drop, { name: "drop", low: null, high: 0.55 }, "high", 1), null);
});

test("typed ends may be open, turned round or wrong", () => {
  assert.deepEqual(typed("lr", "1e-4", ""), { name: "lr", low: 1e-4, high: null });
  assert.deepEqual(typed("lr", " 0.1", "1e-3 "), { name: "lr", low: 1e-3, high: 0.1 });
  assert.deepEqual(typed("n", "1,000", "20,000"), { name: "n", low: 1000, high: 20000 });
  assert.equal(typed("lr", "", " "), null);
  assert.equal(typed("lr", "x", "1"), '"x" is not a number');
  assert.equal(typed("lr", "1", "Infinity"), '"Infinity" is not a number');
});

test("a drag draws, moves or resizes", () => {
  const grip = 0.02;
  assert.deepEqual(dragOf(null, 0.3, grip)(0.5), [0.3, 0.5]);
  assert.deepEqual(dragOf([0.2, 0.6], 0.9, grip)(0.7), [0.9, 0.7]);
  assert.deepEqual(dragOf([0.2, 0.6], 0.21, grip)(0.1), [0.1, 0.6]);
  assert.deepEqual(dragOf([0.2, 0.6], 0.59, grip)(0.8), [0.2, 0.8]);
  const moved = dragOf([0.2, 0.6], 0.4, grip);
  assert.deepEqual(moved(0.5).map((v) => v.toFixed(2)), ["0.30", "0.70"]);
  assert.deepEqual(moved(5).map((v) => v.toFixed(2)), ["0.60", "1.00"]);
  assert.deepEqual(moved(-5).map((v) => v.toFixed(2)), ["0.00", "0.40"]);
});

test("the shortest number between two values parts them", () => {
  assert.equal(parted(0.9344022, 0.9341), 0.9343);
  assert.equal(parted(1.5, 0.2), 0.85);
  assert.equal(parted(2, 2), 2);
  assert.equal(parted(-0.1, 0.3), 0.1);
});

test("an axis in words", () => {
  assert.equal(said(lr), "logarithmic, 1e-5 to 0.1");
  assert.equal(said(batch), "4 levels: 16, 32, 64, 128");
});
