// Seconds that run down: [data-countdown="120"] around [data-countdown-left]. At zero the element gets the
// class is-over, which shows its overlay ([data-countdown-over]). The server's clock decides; this only shows it.
import { each } from "./dom.js";

each("[data-countdown]", (element) => {
  const end = Date.now() + Number(element.dataset.countdown) * 1000;
  const left = element.querySelector("[data-countdown-left]");
  const over = element.querySelector("[data-countdown-over]");
  const tick = () => {
    if (!element.isConnected) return;
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (left) left.textContent = seconds >= 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
    if (seconds > 0) {
      setTimeout(tick, 1000);
      return;
    }
    element.classList.add("is-over");
    if (over) over.hidden = false;
  };
  tick();
});
