// Parallel coordinates: which axes stand, where lines run, which one is pointed at, which trials come to the front.

import assert from "node:assert/strict";
import test from "node:test";

import { axisFor, choices, format, moved, parse, standard } from "../../../sweeper/web/static/charts/axes.js";
import { fieldsOf, trialsCsv } from "../../../sweeper/web/static/charts/table-fields.js";
import { sentence } from "../../../sweeper/web/static/charts/summary.js";
import { addLines, painted, raster, rgb } from "../../../sweeper/web/static/charts/density.js";
import { focus, thinned, weights } from "../../../sweeper/web/static/charts/focus.js";
import { heightOf, heights, LANE, nearest, placeOf, PLOT, spread, TOP } from "../../../sweeper/web/static/charts/parcoords-pick.js";
import { nearest as nearestPoint } from "../../../sweeper/web/static/charts/slices-plot.js";
import { exact } from "../../../sweeper/web/static/core/format.js";
import { ranked } from "../../../sweeper/web/static/core/columns.js";
import { numeric } from "../../../sweeper/web/static/core/scales.js";
import { apply, size } from "../../../sweeper/web/static/core/selection.js";

const column = (name, role, values, more = {}) => ({ name, role, kind: "float", values: Float64Array.from(values), levels: [], low: null, high: null, log: false, constant: false, ...more });

function columns() {
  const n = 20, nan = new Float64Array(n).fill(NaN), at = Array.from({ length: n }, (_, i) => i);
  return {
    rev: "a-1", n, t0: 0, states: ["queued", "running", "complete", "pruned", "failed", "cancelled"],
    number: Float64Array.from(at), state: Uint8Array.from(at, (i) => (i === 3 ? 4 : 2)), start: nan, seconds: Float64Array.from(at), cost: nan,
    dup: nan, ids: [], rounded: new Set(), metrics: [],
    params: [column("lr", "param", at.map((i) => 10 ** (-5 + i / 5)), { low: 1e-5, high: 0.1, log: true }), column("opt", "param", at.map((i) => (i === 5 ? NaN : i % 2)), { kind: "categorical", levels: ["a", 'b,"c'] }), column("seed", "param", at.map(() => 1), { constant: true })],
    goals: [column("acc", "goal", at.map((i) => (i === 3 ? NaN : i / 20)))],
  };
}

function view(conditions = []) {
  const made = columns(), mask = apply(made, conditions), listeners = new Map();
  return {
    columns: made, mask, selected: size(mask), whole: conditions.length === 0, value: made.goals[0], ranking: ranked(made, 0, true),
    on: (what, listener) => listeners.set(what, listener), tell: (what) => listeners.get(what)?.(),
  };
}

test("axes are kept in the address, upside down ones too, whatever their names are", () => {
  const places = [{ name: "acc", flipped: false }, { name: "~a,b%", flipped: true }, { name: "lr", flipped: true }];
  assert.equal(format(places), "acc,~%7Ea%2Cb%25,~lr");
  assert.deepEqual(parse(format(places)), places);
  assert.deepEqual(parse("lr,,lr,~lr"), [{ name: "lr", flipped: false }]);
});

test("the usual axes are the goals, then what matters most, at most eight", () => {
  const many = ["a", "b", "acc", "c", "d", "e", "f", "g", "h"];
  assert.deepEqual(standard(["acc"], many).map((each) => each.name), ["acc", "a", "b", "c", "d", "e", "f", "g"]);
  assert.deepEqual(standard([], ["a"]).map((each) => each.name), ["a"]);
});

test("an axis moves to a place and stays within the row", () => {
  const row = parse("a,b,c"), names = (places) => places.map((each) => each.name).join("");
  assert.equal(names(moved(row, "a", 1)), "bac");
  assert.equal(names(moved(row, "c", -5)), "cab");
  assert.equal(names(moved(row, "a", 9)), "bca");
  assert.equal(names(moved(row, "x", 0)), "abc");
});

test("what never varies and what nobody knows is not offered as an axis", () => {
  assert.deepEqual(choices(columns()), ["acc", "lr", "opt", "seconds", "number"]);
});

test("a metric over decades is logarithmic, one below zero or narrow is not", () => {
  const kind = (values) => axisFor({ ...columns(), goals: [column("m", "goal", values)] }, "m").axis.kind;
  const decades = Array.from({ length: 40 }, (_, i) => 10 ** (i / 10));
  assert.equal(kind(decades), "log");
  assert.equal(kind(decades.map((v) => v - 5)), "linear");
  assert.equal(kind(decades.map((v, i) => 1 + i / 40)), "linear");
  assert.equal(axisFor(columns(), "nobody"), null);
});

test("axes fill the width, and more than fits makes it wider", () => {
  const { xs, width } = spread(1000, 5);
  assert.equal(width, 1000);
  assert.ok(xs[4] < 1000 && xs[0] > 0);
  assert.ok(Math.abs(xs[1] - xs[0] - (xs[4] - xs[3])) < 1e-9);
  assert.ok(spread(300, 8).width > 300);
  assert.equal(spread(300, 1).xs.length, 1);
});

test("rows stand on their axis: beyond at the end, not set in the lane", () => {
  const axis = numeric("x", 0, 1), at = heights(axis, [0, 1, 0.5, 7, NaN, Infinity, -Infinity], false);
  assert.deepEqual(Array.from(at), [TOP + PLOT, TOP, TOP + PLOT / 2, TOP, TOP + PLOT + LANE, TOP, TOP + PLOT]);
  assert.equal(heights(axis, [0], true)[0], TOP);
  assert.equal(heights(numeric("x", 1, 10, true), [-3], false)[0], TOP + PLOT);
  assert.equal(placeOf(heightOf(0.3, true), true).toFixed(6), "0.300000");
});

test("the nearest line is found between its axes, and none out of reach", () => {
  const xs = [0, 100], ys = [Float32Array.of(0, 100, 50), Float32Array.of(100, 0, 50)], rows = [0, 1, 2];
  assert.equal(nearest(xs, ys, rows, 10, 12, 5), 0);
  assert.equal(nearest(xs, ys, rows, 10, 88, 5), 1);
  assert.equal(nearest(xs, ys, rows, 10, 30, 5), -1);
  assert.equal(nearest(xs, ys, rows, 130, 50, 5), -1);
  assert.equal(nearest([0], [ys[0]], rows, 0, 0, 5), -1);
});

test("the nearest point of a slice", () => {
  const xs = Float32Array.of(10, 20, NaN), ys = Float32Array.of(10, 20, 20);
  assert.equal(nearestPoint(xs, ys, [0, 1, 2], 18, 19, 10), 1);
  assert.equal(nearestPoint(xs, ys, [0, 1, 2], 100, 100, 10), -1);
});

test("each line counts once in every column of the picture, also where it is steep", () => {
  const into = raster(10, 50), ys = [Float32Array.of(0, 25), Float32Array.of(49, 25)];
  addLines(into, [0, 9], ys, [0, 1], 0, 2);
  for (let x = 0; x < 10; x++) assert.equal(into.counts.subarray(x * 50, (x + 1) * 50).reduce((a, b) => a + b), 2);
  assert.equal(into.counts[25], 1);
});

test("colours are those of the mean weight", () => {
  const into = raster(2, 4, true), level = [Float32Array.of(1, 1, 3), Float32Array.of(1, 1, 3)];
  addLines(into, [0, 1], level, [0, 1, 2], 0, 3, Float32Array.of(0, 1, 1));
  const pixels = painted(into, [[10, 0, 0], [20, 0, 0], [30, 0, 0]], 3, 1), red = (x, y) => pixels[(y * 2 + x) * 4];
  assert.deepEqual([red(0, 1), red(0, 3), red(0, 0)], [20, 30, 0]);
  assert.ok(pixels[(1 * 2) * 4 + 3] > pixels[(3 * 2) * 4 + 3], "two lines hide more than one");
  assert.equal(pixels[3], 0);
});

test("colours are read from their texts", () => {
  assert.deepEqual(rgb("#1b2430"), [27, 36, 48]);
  assert.deepEqual(rgb("rgb(1,2, 3)"), [1, 2, 3]);
});

test("the best tenth is in front as long as nothing is selected", () => {
  const { ranked: rows, others } = focus(view());
  assert.deepEqual(Array.from(rows), [19, 18]);
  assert.equal(others.length, 0);
  assert.equal(focus(view(), true).ranked.length, 19);
});

test("selected trials are in front, the best first, those without a value apart", () => {
  const { ranked: rows, others } = focus(view([{ name: "number", low: 2, high: 5 }]));
  assert.deepEqual(Array.from(rows), [5, 4, 2]);
  assert.deepEqual(Array.from(others), [3]);
});

test("what is in front is found anew when the selection changes", () => {
  const seen = view([{ name: "number", low: 2, high: 5 }]), before = focus(seen);
  assert.equal(focus(seen), before);
  seen.mask.fill(0);
  seen.mask[7] = 1;
  seen.selected = 1;
  seen.tell("selection");
  assert.deepEqual(Array.from(focus(seen).ranked), [7]);
});

test("a sample goes evenly over all, from the first on", () => {
  const rows = Uint32Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(Array.from(thinned(rows, 4)), [0, 25, 50, 75]);
  assert.equal(thinned(rows, 100), rows);
});

test("colours by rank or by the rank of a value", () => {
  assert.deepEqual(Array.from(weights(view(), "", Uint32Array.of(19, 18, 0))), [0, 0.5, 1]);
  const by = weights(view(), "lr", Uint32Array.of(0, 19));
  assert.deepEqual(Array.from(by), [1, 0]);
});

test("a table of the selected, with quotes where they are needed", () => {
  const made = columns(), fields = fieldsOf({ columns: made, params: made.params.slice(0, 2) });
  const [head, first, second, end] = trialsCsv(fields, [1, 5]).split("\r\n");
  assert.equal(head, "number,state,acc,lr,opt,seed,seconds");
  assert.equal(first, `1,complete,0.05,${10 ** -4.8},"b,""c",1,1`);
  assert.equal(second.split(",")[4], "");
  assert.equal(end, "");
});

test("numbers of 32-bit columns are written with as few digits as tell them apart", () => {
  for (const v of [2.7041557e-6, 101.16878, 0.1, 16777215, 1 / 3]) {
    const text = exact(Math.fround(v));
    assert.equal(Math.fround(Number(text)), Math.fround(v));
    assert.ok(text.replace(/^[0.]+|e.*|\./g, "").length <= 9, text);
  }
  assert.equal(exact(0.1), "0.1");
  assert.equal(exact(1 / 3), String(1 / 3));
});

test("the median of an even number of trials lies between the two in the middle", () => {
  assert.equal(sentence(view([{ name: "acc", low: 0.5, high: null }])), "10 of 20 trials selected, best acc 0.95, median 0.725");
  assert.equal(sentence(view([{ name: "acc", low: 0.55, high: null }])), "9 of 20 trials selected, best acc 0.95, median 0.75");
});
