// Passwords: show and hide [data-reveal], strength [data-strength], equality [data-match="name"].
import { each, say } from "./dom.js";

const CLASSES = [/[a-z]/i, /\d/, /[^a-z\d]/i];

// What a password must not hold, as far as the same form knows it.
const NUMBERS = ["uscc", "legal_mobile", "contact_mobile", "account", "username"];
const PART = 4;

/** [words, kind, 0-3]. The rule is the server's: 8 to 64 characters, letters, digits and symbols,
 *  nothing of the unit's name, code and mobiles. */
export function strength(text, numbers = [], name = "") {
  if (text === "") return ["", "", 0];
  if (text.length < 8) return [`还差 ${8 - text.length} 位`, "hint", 1];
  if (text.length > 64) return ["最多 64 位", "bad", 1];
  const missing = ["字母", "数字", "特殊字符"].filter((_, i) => !CLASSES[i].test(text));
  if (missing.length > 0) return [`弱：还需要${missing.join("、")}`, "warn", 1];
  const lower = text.toLowerCase();
  if (numbers.some((number) => number.length >= 8 && lower.includes(number.toLowerCase()))) {
    return ["不能包含账号、信用代码或手机号", "bad", 1];
  }
  if (parts(name).some((part) => lower.includes(part))) return ["不能包含单位名称中的字样", "bad", 1];
  if (text.length < 12 || new Set(text).size < 6) return ["强度：中", "good", 2];
  return ["强度：强", "good", 3];
}

/** Every four characters in a row of a unit's name, without brackets and legal form. */
function parts(name) {
  const core = name.toLowerCase().replace(/[(（].*?[)）]/g, "").replace(/(有限责任|股份有限|集团有限|有限|分)?公司$/, "");
  const size = Math.min(PART, core.length);
  return size < 2 ? [] : Array.from({ length: core.length - size + 1 }, (_, i) => core.slice(i, i + size));
}

each("[data-reveal]", (button) => {
  const input = document.getElementById(button.dataset.reveal);
  if (!input) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "显示" : "隐藏";
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
  // Browsers must not remember a shown password as text.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
});

each("[data-strength]", (input) => {
  const meter = document.getElementById(`${input.id}-meter`);
  input.addEventListener("input", () => {
    const value = (name) => input.form?.elements.namedItem(name)?.value ?? "";
    const [words, kind, level] = strength(input.value, NUMBERS.map(value), value("name"));
    say(input, words, kind);
    if (meter) { meter.hidden = level === 0; meter.value = level; }
  });
});

each("[data-match]", (input) => {
  const other = input.form?.elements.namedItem(input.dataset.match);
  if (!other) return;
  const check = () => {
    if (input.value === "") say(input, "");
    else if (input.value === other.value) say(input, "两次输入一致", "good");
    else if (other.value.startsWith(input.value)) say(input, "请继续输入", "hint");
    else say(input, "两次输入的密码不一致", "bad");
  };
  input.addEventListener("input", check);
  other.addEventListener("input", check);
});
