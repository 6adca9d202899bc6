// [data-print]: a button that prints the page; appears with scripting.
import { each } from "../../../both/assets/js/dom.js";

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
