// Batch work on a list: [data-batch] around the table. 全选 is [data-batch-all]; [data-batch-count] shows the
// number chosen; buttons with [data-batch-act] wait for at least one.
import { each } from "../../../h5/assets/js/dom.js";

each("[data-batch]", (box) => {
  const all = box.querySelector("[data-batch-all]");
  const boxes = () => [...box.querySelectorAll('tbody input[type="checkbox"]')];
  const show = () => {
    const chosen = boxes().filter((b) => b.checked).length;
    for (const count of box.querySelectorAll("[data-batch-count]")) count.textContent = String(chosen);
    for (const button of box.querySelectorAll("[data-batch-act]")) button.disabled = chosen === 0;
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  };
  box.addEventListener("change", (event) => {
    if (event.target === all) for (const b of boxes()) b.checked = all.checked;
    show();
  });
  show();
});
