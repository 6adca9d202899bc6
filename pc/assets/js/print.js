// [data-print]: prints the page. Without scripts the browser's own menu does.
import { each } from "../../../h5/assets/js/dom.js";

each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
