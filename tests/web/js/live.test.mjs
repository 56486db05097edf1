// Following changes with a clock of our own: a page leaves time between its updates, the longer the more they take.

import assert from "node:assert/strict";
import test from "node:test";

/** @type {{at: number, done: () => void}[]} */
let waiting = [];
let now = 0, stream = null;
Object.assign(globalThis, {
  document: { hidden: false, documentElement: { setAttribute() {} }, addEventListener() {}, removeEventListener() {} },
  addEventListener() {},
  setTimeout: (done, after = 0) => waiting.push({ at: now + after, done }),
  requestAnimationFrame: (done) => waiting.push({ at: now + 16, done }),
  EventSource: class {
    constructor() { stream = this; }

    close() {}
  },
});
Date.now = () => now;
const { follow } = await import("../../../sweeper/web/static/core/live.js");

async function pass(milliseconds) {
  for (const end = now + milliseconds; now < end; now += 4) {
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { done } of due) done();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }
}

const say = (rev) => stream.onmessage({ data: JSON.stringify({ rev, sweeps: [rev] }) });

test("the next update waits four times as long as the last one took, and tells all that came between", async () => {
  const told = [], end = follow("s", (event) => new Promise((done) => { told.push(event.sweeps); setTimeout(done, 1000); }));
  say("a");
  await pass(1500);
  say("b");
  say("c");
  await pass(3000);
  assert.deepEqual(told, [["a"]]);
  await pass(1000);
  assert.deepEqual(told, [["a"], ["b", "c"]]);
  end();
});

test("a quick update is followed by the next within a second", async () => {
  const told = [], end = follow("s", (event) => void told.push(event.rev));
  say("a");
  say("b");
  await pass(1000);
  assert.deepEqual(told, ["a", "b"]);
  end();
});
