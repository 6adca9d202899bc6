// The one way in which behaviours attach themselves: to what is on the page now, and to what a poll
// or htmx puts there later. Every behaviour is an addition: the forms work without any of them.

const behaviours = [];

/** Runs `attach(element)` once for every element that matches, now and after later swaps. */
export function each(selector, attach) {
  behaviours.push([selector, attach]);
  if (document.readyState !== "loading") apply(document, [[selector, attach]]);
}

/** Attaches all behaviours inside a freshly inserted element. */
export function refresh(root) {
  apply(root, behaviours);
}

/** Shows `text` in the live line under a field; makes the line on first use. */
export function say(input, text, kind = "") {
  let line = document.getElementById(`${input.id}-live`);
  if (!line) {
    line = document.createElement("p");
    line.id = `${input.id}-live`;
    line.setAttribute("aria-live", "polite");
    const home = input.closest("[data-field]");
    if (!home) return;
    (home.querySelector("[data-field-foot]") ?? home).append(line);
  }
  line.className = text ? `live is-${kind || "hint"}` : "live";
  line.textContent = text;
}

function apply(root, list) {
  for (const [selector, attach] of list) {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      const mark = `on:${selector}`;
      element.huiyuan ??= new Set();
      if (element.huiyuan.has(mark)) continue;
      element.huiyuan.add(mark);
      attach(element);
    }
  }
}

// Deferred scripts run before this event, when every module has registered.
document.addEventListener("DOMContentLoaded", () => refresh(document));
