// Rows that come as the reader scrolls to them, and facts asked for only when they are in sight.

import { h } from "../core/dom.js";

/**
 * Call with elements once they come into sight, many at a time.
 * @param {(seen: Element[]) => void} found
 */
export function whenSeen(found) {
  const observer = new IntersectionObserver((entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    seen.forEach((element) => observer.unobserve(element));
    if (seen.length) found(seen);
  }, { rootMargin: "200px" });
  return observer;
}

/**
 * An element that asks for more rows when it comes into sight.
 * @param {() => Promise<boolean>} more gives whether there are still more
 */
export function moreBelow(more) {
  const made = h("p", { class: "muted", role: "status" }, "More below …");
  let asked = false;
  const observer = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting || asked) return;
    asked = true;
    const still = await more();
    asked = false;
    if (!still) {
      observer.disconnect();
      made.remove();
    } else {
      observer.unobserve(made);
      observer.observe(made);
    }
  }, { rootMargin: "400px" });
  observer.observe(made);
  return made;
}
