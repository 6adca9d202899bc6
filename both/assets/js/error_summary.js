// The list of what is wrong takes the focus when the page comes back: [data-error-summary]. Its links
// bring the reader to the field itself.
import { each } from "./dom.js";

each("[data-error-summary]", (box) => {
  inPageOrder(box);
  box.focus();
  box.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
});

/** The server's map has no order: put the lines in the order of the fields. */
function inPageOrder(box) {
  const list = box.querySelector("ul");
  const fieldOf = (line) => document.getElementById((line.querySelector("a")?.hash ?? "").slice(1));
  const lines = [...list.children].filter(fieldOf).sort((a, b) =>
    fieldOf(a).compareDocumentPosition(fieldOf(b)) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  list.append(...lines);
}
