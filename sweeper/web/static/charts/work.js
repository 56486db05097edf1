// Long drawing in short parts, so that the page goes on answering. A new drawing ends the one before.

const SLICE = 12; // milliseconds a part may take

/** @returns {{run: (steps: Iterator<void>, done?: () => void) => void, stop: () => void}} */
export function work() {
  let turn = 0;
  return {
    run(steps, done = () => {}) {
      const mine = ++turn;
      const go = () => {
        if (mine !== turn) return;
        const until = performance.now() + SLICE;
        while (performance.now() < until) if (steps.next().done) return done();
        setTimeout(go, 0);
      };
      go();
    },
    stop() {
      turn++;
    },
  };
}
