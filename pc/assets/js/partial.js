// htmx, in the subset that also runs on its version 4: hx-get, hx-post, hx-target, hx-swap and hx-trigger on
// the element itself; no hx-on, no js: values, no trigger filters. A 422 carries the form with its errors.
import htmx from "htmx.org";
import { refresh } from "../../../both/assets/js/dom.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
