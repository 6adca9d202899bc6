// 所在地区 as three selects: [data-region="regions.json url"] around one text input. Without scripting the
// input takes "江苏省 南京市 玄武区"; with it, the input is hidden and carries the six-digit code.
import { each } from "./dom.js";

const WORDS = ["省份", "城市", "区县"];

each("[data-region]", async (box) => {
  const input = box.querySelector("input");
  let tree;
  try {
    tree = await (await fetch(box.dataset.region)).json();
  } catch {
    return; // the text input stays
  }
  const selects = WORDS.map((word, level) => make(input, word, level));
  const path = find(tree, input.value.trim()) ?? [];
  fill(selects, 0, tree, path);
  selects.forEach((select, level) => select.addEventListener("change", () => {
    fill(selects, level + 1, children(select, select.rows), []);
    store(input, selects);
  }));
  const row = document.createElement("div");
  row.className = "region";
  row.append(...selects);
  input.after(row);
  input.type = "hidden";
  // The label and the error link lead to the first select now.
  selects[0].id = input.id;
  input.removeAttribute("id");
  // Names become a code; nobody typed anything.
  input.value = chosen(selects);
});

function make(input, word, level) {
  const select = document.createElement("select");
  select.className = input.dataset.selectClass || "";
  select.setAttribute("aria-label", word);
  if (input.getAttribute("aria-describedby")) select.setAttribute("aria-describedby", input.getAttribute("aria-describedby"));
  select.autocomplete = `address-level${level + 1}`;
  return select;
}

function children(select, rows) {
  return rows.find(([code]) => code === select.value)?.[2] ?? [];
}

function fill(selects, level, rows, path) {
  const select = selects[level];
  if (!select) return;
  select.rows = rows;
  select.replaceChildren(new Option(`请选择${WORDS[level]}`, ""), ...rows.map(([code, name]) => new Option(name, code)));
  select.value = path[level] ?? "";
  select.disabled = rows.length === 0;
  fill(selects, level + 1, select.value ? children(select, rows) : [], path);
}

/** The deepest code; empty until the last level that exists is chosen. */
function chosen(selects) {
  const open = selects.filter((select) => select.rows.length > 0);
  return open.every((select) => select.value) ? open[open.length - 1].value : "";
}

function store(input, selects) {
  const value = chosen(selects);
  if (input.value === value) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The codes on the way to a code, or to names parted by spaces. */
function find(rows, wanted, above = [], names = "") {
  if (wanted === "") return null;
  for (const [code, name, below] of rows) {
    const path = [...above, code];
    if (code === wanted || `${names}${name}` === wanted.replace(/[\s/·]/g, "")) return path;
    const deeper = below && find(below, wanted, path, names + name);
    if (deeper) return deeper;
  }
  return null;
}
