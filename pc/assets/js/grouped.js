// A long select in two steps: select[data-grouped="门类"] with optgroups gets a select of its groups before it, and
// offers the choices of the chosen group only. Without scripting it stays one select with all groups.
import { each } from "../../../both/assets/js/dom.js";

each("select[data-grouped]", (select) => {
  const word = select.dataset.grouped;
  const groups = [...select.querySelectorAll("optgroup")].map((group) => [group.label, [...group.children]]);
  const chosen = select.selectedOptions[0]?.closest("optgroup")?.label ?? "";
  const value = select.value;
  const narrow = document.createElement("select");
  narrow.className = "form-select";
  narrow.setAttribute("aria-label", `${labelOf(select)}：${word}`);
  narrow.append(new Option(`请选择${word}`, ""), ...groups.map(([label]) => new Option(label, label)));
  narrow.value = chosen;
  offer();
  select.value = value;
  narrow.addEventListener("change", () => {
    const options = offer();
    // A group with one choice leaves nothing to choose.
    select.value = options.length === 1 ? options[0].value : "";
    select.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const row = document.createElement("div");
  row.className = "region";
  select.before(row);
  row.append(narrow, select);

  function offer() {
    const [, options] = groups.find(([label]) => label === narrow.value) ?? ["", []];
    const first = narrow.value ? "请选择" : `请先选择${word}`;
    select.replaceChildren(new Option(first, ""), ...options);
    return options;
  }
});

function labelOf(select) {
  return select.labels[0]?.textContent.trim() ?? "";
}
