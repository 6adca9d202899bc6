// Batch work on a list: [data-batch] around the table. 全选 is [data-batch-all]; [data-batch-count] shows the
// number chosen, [data-batch-sum] the sum of their data-fen; buttons with [data-batch-act] wait for at least one.
import { each } from "../../../both/assets/js/dom.js";

// 200050 → 2,000.50, as the server writes it; in whole fen, because floats round.
const yuan = (fen) =>
  `${String(Math.trunc(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",")}.${String(fen % 100).padStart(2, "0")}`;

each("[data-batch]", (box) => {
  const all = box.querySelector("[data-batch-all]");
  const boxes = () => [...box.querySelectorAll('tbody input[type="checkbox"]')];
  const show = () => {
    const ticked = boxes().filter((b) => b.checked);
    const chosen = ticked.length;
    const fen = ticked.reduce((sum, b) => sum + Number(b.dataset.fen || 0), 0);
    for (const sum of box.querySelectorAll("[data-batch-sum]")) sum.textContent = yuan(fen);
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
