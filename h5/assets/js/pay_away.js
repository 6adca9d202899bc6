// Leads from a phone's browser to WeChat's pay page: [data-pay-away] is a plain link; "auto" follows it once, right
// after the payer asked for it. Coming back with the browser's back button must not lead away again.
import { each } from "../../../both/assets/js/dom.js";

each("[data-pay-away]", (link) => {
  if (link.dataset.payAway !== "auto") return;
  history.replaceState(null, "", `${location.pathname}?back=1`);
  location.assign(link.href);
});
