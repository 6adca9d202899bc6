// Mobile numbers while typing: [data-check="mobile"]. Says what is missing; the server decides.
import { each, say } from "./dom.js";

/** Full-width to half-width, no spaces, no hyphens, no +86; letters stay as they were typed. */
function tidy(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000-]/g, "")
    .replace(/^\+?86(?=1\d{10}$)/, "");
}

each('[data-check="mobile"]', (input) => {
  const check = (leaving) => {
    const digits = tidy(input.value);
    if (digits !== input.value && (leaving || /^\d*$/.test(digits))) input.value = digits;
    if (digits === "") say(input, "");
    else if (/\D/.test(digits)) say(input, "手机号只能是数字", "bad");
    else if (!/^1[3-9]?/.test(digits) || /^1[0-2]/.test(digits)) say(input, "手机号应以 13 至 19 开头", "bad");
    else if (digits.length > 11) say(input, `多了 ${digits.length - 11} 位，应为 11 位`, "bad");
    else if (digits.length < 11) say(input, `还差 ${11 - digits.length} 位`, "hint");
    else say(input, "格式正确", "good");
  };
  input.addEventListener("input", () => check(false));
  input.addEventListener("blur", () => check(true));
});
