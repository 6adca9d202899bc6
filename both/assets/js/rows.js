// Rows of a repeated field: [data-rows] with [data-row]s, [data-row-more], [data-row-less]. Without scripting the
// buttons ask the server for one row more or less; with it, the page does so itself.
import { each } from "./dom.js";

each("[data-rows]", (box) => {
  const rows = () => [...box.querySelectorAll("[data-row]")];
  const name = (n) => `${box.dataset.rows}_${n}`;
  const changed = () => box.dispatchEvent(new Event("input", { bubbles: true }));
  const more = box.querySelector("[data-row-more]");
  const most = Number(box.dataset.rowsMost);
  const show = () => { if (more) more.hidden = rows().length >= most; };
  box.addEventListener("click", (event) => {
    const less = event.target.closest("[data-row-less]");
    if (less) {
      event.preventDefault();
      remove(less.closest("[data-row]"));
    } else if (event.target.closest("[data-row-more]")) {
      event.preventDefault();
      add();
    }
  });

  function add() {
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    row.querySelectorAll(".is-invalid").forEach((wrong) => wrong.classList.remove("is-invalid"));
    row.querySelectorAll("[id$='-error'], [id$='-live']").forEach((line) => line.remove());
    row.querySelector("input").value = "";
    last.after(row);
    number();
    row.querySelector("input").focus();
  }

  function remove(row) {
    if (rows().length > 1) row.remove();
    else row.querySelector("input").value = "";
    number();
    changed();
    rows().at(-1).querySelector("input").focus();
  }

  function number() {
    const label = box.querySelector("legend").textContent.trim();
    rows().forEach((row, n) => {
      const input = row.querySelector("input");
      input.name = name(n);
      input.id = `f-${name(n)}`;
      input.setAttribute("aria-label", `${label}（${n + 1}）`);
      const button = row.querySelector("[data-row-less]");
      button.value = `less:${name(n)}`;
      button.setAttribute("aria-label", `删除${label}（${n + 1}）`);
    });
    show();
  }
});
