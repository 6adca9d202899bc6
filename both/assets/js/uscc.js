// 统一社会信用代码 (GB 32100-2015) while typing: [data-check="uscc"]. Warns, never blocks: real codes
// with a wrong check character exist, and the server decides.
import { each, say } from "./dom.js";

const SET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHT = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Full-width to half-width, upper case, no spaces. */
export function tidy(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]/g, "")
    .toUpperCase();
}

/** What to tell the member about a tidied code: [text, kind]. */
export function verdict(code) {
  if (code === "") return ["", ""];
  const wrong = [...code].findIndex((c) => !SET.includes(c));
  if (wrong >= 0) return [`第 ${wrong + 1} 位“${code[wrong]}”不是有效字符`, "bad"];
  if (code.length < 18) return [`还差 ${18 - code.length} 位`, "hint"];
  if (code.length > 18) return [`多了 ${code.length - 18} 位，应为 18 位`, "bad"];
  const sum = WEIGHT.reduce((total, weight, i) => total + weight * SET.indexOf(code[i]), 0);
  if (SET[(31 - (sum % 31)) % 31] !== code[17]) return ["校验位不正确，请核对营业执照", "warn"];
  return ["格式正确", "good"];
}

/** The kind of unit that the first two characters stand for; "" when they say nothing. */
export function userType(code) {
  const kinds = { 91: "enterprise", 92: "enterprise", 93: "enterprise", 11: "institution", 12: "institution", 51: "society", 52: "society", 53: "society" };
  return kinds[code.slice(0, 2)] ?? "";
}

/** Chooses 用户类型 in the select [data-suggests] names, until somebody chooses there. */
function suggest(input) {
  const select = document.getElementById(input.dataset.suggests);
  if (!select) return () => {};
  let own = select.value !== "";
  select.addEventListener("change", () => { own = true; });
  return (code) => {
    const kind = userType(code);
    if (!own && kind) select.value = kind;
  };
}

each('[data-check="uscc"]', (input) => {
  let composing = false;
  const choose = suggest(input);
  const check = () => {
    if (composing) return;
    const code = tidy(input.value);
    if (code !== input.value) {
      const back = input.value.length - (input.selectionEnd ?? input.value.length);
      input.value = code;
      const caret = Math.max(0, code.length - back);
      if (document.activeElement === input) input.setSelectionRange(caret, caret);
    }
    choose(code);
    say(input, ...verdict(code));
  };
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; check(); });
  input.addEventListener("input", check);
  if (input.value) check();
});
