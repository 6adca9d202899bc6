// Asks before unsaved input is lost: form[data-guard]; with [data-unsaved] inside from the start. [data-guard-note] inside the form says 未保存的修改.
import { each } from "./dom.js";

const dirty = new Set();

each("form[data-guard]", (form) => {
  const note = form.querySelector("[data-guard-note]");
  const mark = (changed) => {
    dirty[changed ? "add" : "delete"](form);
    if (note) note.hidden = !changed;
  };
  // What comes back refused, or between two steps, was not saved yet.
  if (form.querySelector('[data-unsaved], [aria-invalid="true"]')) mark(true);
  form.addEventListener("input", () => mark(true));
  form.addEventListener("submit", () => mark(false));
  form.addEventListener("draft:kept", () => mark(false));
  form.addEventListener("reset", () => mark(false));
});

addEventListener("beforeunload", (event) => {
  if (dirty.size === 0) return;
  event.preventDefault();
  event.returnValue = ""; // older WebViews look only at this
});
