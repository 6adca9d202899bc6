// How much room is left in a long text: textarea[data-length].
import { each, say } from "./dom.js";

each("textarea[data-length]", (area) => {
  const show = () => {
    const left = area.maxLength - area.value.length;
    say(area, left <= area.maxLength * 0.2 ? `还可输入 ${left} 字` : "", left === 0 ? "warn" : "hint");
  };
  area.addEventListener("input", show);
  show();
});
