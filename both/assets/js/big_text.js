// 大字版: [data-big-text] turns the larger text on and off; the cookie lets the server render it next time.
import { each } from "./dom.js";

each("[data-big-text]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("big-text");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `big_text=${on ? 1 : 0}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    button.textContent = on ? "标准字号" : "大字版";
  });
});
