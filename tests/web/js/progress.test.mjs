// What the charts of a sweep say without drawing: order, best so far, the front, curves on one axis, commands.

import assert from "node:assert/strict";
import test from "node:test";

import { aligned, band, lastOf } from "../../../sweeper/web/static/charts/curve-data.js";
import { timeAxis } from "../../../sweeper/web/static/charts/frame.js";
import { order } from "../../../sweeper/web/static/charts/order.js";
import { paretoRows } from "../../../sweeper/web/static/charts/pareto.js";
import { MARK, along, axes, logarithmic, marks, sentence, stairs, valueAxis } from "../../../sweeper/web/static/charts/progress.js";
import { places } from "../../../sweeper/web/static/charts/sparkline.js";

const STATES = ["queued", "running", "complete", "pruned", "failed", "cancelled"];
const F = (...values) => Float64Array.from(values);

/** Columns of trials given as `[state, value, seconds, cost]`; one starts each 10 seconds. */
function trials(...rows) {
  const column = (at) => Float64Array.from(rows, (row) => row[at] ?? NaN);
  return {
    n: rows.length, states: STATES, number: Float64Array.from(rows, (_, i) => i), state: Uint8Array.from(rows, ([state]) => STATES.indexOf(state)),
    start: Float64Array.from(rows, (row, i) => (row[0] === "queued" ? NaN : 10 * i)), seconds: column(2), cost: column(3),
    goals: [{ name: "loss", role: "goal", kind: "float", values: column(1), levels: [], low: null, high: null, log: false, constant: false }],
  };
}

function byComparison(values, descending) {
  const rows = values.map((_, i) => i), set = [...rows].filter((row) => !Number.isNaN(values[row])), sign = descending ? -1 : 1;
  set.sort((a, b) => (values[a] === values[b] ? a - b : sign * (values[a] < values[b] ? -1 : 1)));
  return [...set, ...[...rows].filter((row) => Number.isNaN(values[row]))];
}

test("order agrees with a comparison, for few and many, for every kind of number", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const odd = [0, -0, Infinity, -Infinity, NaN, 1e-310, -1e-310, 1e300, -1e300, 0.1, -0.1, 5, 5, 5];
  for (const n of [0, 1, 2, 50, 5000]) {
    const values = Float64Array.from({ length: n }, (_, i) => (i % 3 ? odd[Math.floor(random() * odd.length)] : (random() - 0.5) * 10 ** Math.floor(random() * 12 - 6)));
    for (const descending of [false, true]) {
      assert.deepEqual([...order(values, descending)], byComparison([...values], descending), `${n} ${descending}`);
      const narrow = Float32Array.from(values);
      assert.deepEqual([...order(narrow, descending)], byComparison([...narrow], descending), `${n} ${descending} as 32 bits`);
    }
  }
});

test("what is not set comes last both ways, and equal ones keep their order", () => {
  assert.deepEqual([...order(F(2, NaN, 1, 2, NaN))], [2, 0, 3, 1, 4]);
  assert.deepEqual([...order(F(2, NaN, 1, 2, NaN), true)], [0, 3, 2, 1, 4]);
});

test("a trial is marked by its state and by whether it has a value", () => {
  const columns = trials(["complete", 1], ["complete"], ["pruned", 2], ["pruned"], ["failed"], ["running"], ["queued"], ["cancelled"]);
  const { done, dropped, pruned, cut, failed, running, none } = MARK;
  assert.deepEqual([...marks(columns, columns.goals[0].values)], [done, dropped, pruned, cut, failed, running, none, dropped]);
});

test("the best so far goes down for a loss, up for a score, and never by a pruned trial", () => {
  const columns = trials(["complete", 3], ["pruned", 0.1], ["complete", 4], ["complete", 2], ["complete", 2], ["failed"], ["complete", 1]);
  const { values } = columns.goals[0], kinds = marks(columns, values);
  assert.deepEqual(stairs(kinds, values, columns.number, false), [0, 3, 6]);
  assert.deepEqual(stairs(kinds, values, columns.number, true), [0, 2]);
});

test("by time a trial counts when it ends; by cost when all that ended before is paid", () => {
  const columns = trials(["complete", 3, 100, 5], ["complete", 2, 20, 1], ["failed", undefined, 5, 2], ["running"]);
  assert.deepEqual([...along(columns, "time")], [100, 30, 25, 30]);
  assert.deepEqual([...along(columns, "cost")], [8, 3, 2, 3]);
  const { values } = columns.goals[0];
  assert.deepEqual(stairs(marks(columns, values), values, along(columns, "time"), false), [1]);
  assert.deepEqual(stairs(marks(columns, values), values, along(columns, "trial"), false), [0, 1]);
});

test("there is a cost axis only where a cost is known", () => {
  assert.deepEqual(axes(trials(["complete", 3, 100])), ["trial", "time"]);
  assert.deepEqual(axes(trials(["complete", 3, 100, 5])), ["trial", "time", "cost"]);
  assert.deepEqual(axes(trials(["queued"])), ["trial"]);
});

test("the sentence says what is best and since when", () => {
  const say = (best, ...rows) => { const columns = trials(...rows); return sentence(columns, "loss", columns.goals[0].values, best); };
  assert.equal(say(undefined), "No trial has started yet.");
  assert.equal(say(undefined, ["failed"], ["running"]), "None of 2 trials has completed with a value of loss yet.");
  assert.equal(say(0, ["complete", 1]), "Best loss 1 at trial 0, the only one that ended.");
  assert.equal(say(1, ["complete", 2], ["complete", 1], ["running"]), "Best loss 1 at trial 1, the last one that ended.");
  assert.equal(say(0, ["complete", 1], ["failed"], ["running"]), "Best loss 1 at trial 0; the one after it did not improve it.");
  assert.equal(say(0, ["complete", 1], ["complete", 2], ["pruned"]), "Best loss 1 at trial 0; the last 2 trials did not improve it.");
});

test("far values are left beyond the axis, the best never is", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ["complete", i === 7 ? 1e9 : i === 9 ? -500 : 1 + (i % 10) / 10]), columns = trials(...rows), [goal] = columns.goals;
  const axis = valueAxis(goal, marks(columns, goal.values), 9, false);
  assert.ok(axis.high < 100 && axis.low <= -500, `${axis.low} ${axis.high}`);
  const log = valueAxis({ ...goal, values: F(1, 10, 1000) }, Uint8Array.of(1, 1, 1), 0, true);
  assert.equal(log.kind, "log");
  assert.ok(log.low <= 1 && log.high >= 1000);
});

test("a log axis is possible above 0 alone, and better where values spread", () => {
  const look = (...values) => logarithmic(F(...values), new Uint8Array(values.length).fill(MARK.done));
  assert.deepEqual(look(1, 2, 3), { possible: true, better: false });
  assert.deepEqual(look(0.001, 2, 300), { possible: true, better: true });
  assert.deepEqual(look(0, 2, 3), { possible: false, better: false });
  assert.equal(look(1).possible, false);
  assert.equal(look().possible, false);
});

test("the front has each trial that no other one beats, ordered by the first goal", () => {
  const columns = trials(["complete", 1], ["complete", 2], ["complete", 3], ["complete", 2], ["failed", 0], ["complete", NaN]);
  columns.goals.push({ ...columns.goals[0], values: F(1, 5, 9, 4, 99, 99) });
  assert.deepEqual(paretoRows(columns, [false, true]), [0, 1, 2]);
  assert.deepEqual(paretoRows(columns, [false, false]), [0]);
  assert.deepEqual(paretoRows(columns, [true, true]), [2]);
});

test("curves of different steps stand on one axis", () => {
  const data = aligned([{ number: 1, steps: [0, 2], values: [1, "NaN"] }, { number: 2, steps: [1, 2], values: [5, 6] }]);
  assert.deepEqual(data, [[0, 1, 2], [1, undefined, null], [undefined, 5, 6]]);
  assert.equal(lastOf({ number: 1, steps: [0, 2], values: [1, "NaN"] }), 1);
  assert.equal(lastOf({ number: 1, steps: [], values: [] }), null);
});

test("the middle half of curves needs five of them at a step", () => {
  const curve = (number, length) => ({ number, steps: Array.from({ length }, (_, i) => i), values: Array.from({ length }, (_, i) => number + i) });
  assert.equal(band([1, 2, 3, 4].map((number) => curve(number, 3))), null);
  const found = band([curve(0, 4), curve(1, 4), curve(2, 3), curve(3, 3), curve(4, 3)]);
  assert.deepEqual(found.middle.steps, [0, 1, 2]);
  assert.deepEqual([found.low.values[0], found.middle.values[0], found.high.values[0]], [1, 2, 3]);
});

test("time is marked at whole units", () => {
  const labels = (seconds) => timeAxis(seconds).ticks(5).map(({ label }) => label);
  assert.deepEqual(labels(200), ["0", "1 min", "2 min", "3 min"]);
  assert.deepEqual(labels(4 * 86400), ["0", "1 d", "2 d", "3 d", "4 d"]);
  assert.deepEqual(labels(25), ["0", "5 s", "10 s", "15 s", "20 s", "25 s"]);
  assert.ok(labels(0).length > 1);
});

test("a sparkline is as high as its values, and level where they are alike", () => {
  const heights = (...values) => places(values).map(([, y]) => y);
  const [first, last] = heights(1, 2);
  assert.ok(first > last);
  assert.deepEqual(heights(3, 3), [12, 12]);
  assert.deepEqual(places([]), []);
});
