// Keeps what was typed on the server: form[data-autosave="/address"]. [data-autosave-note] says when it was kept.
import { each } from "./dom.js";

const PAUSE = 3000;

each("form[data-autosave]", (form) => {
  const note = form.querySelector("[data-autosave-note]");
  let timer;
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });

  async function keep() {
    if (leaving) return;
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual" });
      if (!note) return;
      const now = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
      note.textContent = answer.status === 204 ? `草稿已自动保存 ${now}` : "草稿没有保存，请尽快点击保存";
    } catch {
      if (note) note.textContent = "网络中断，草稿没有保存";
    }
  }
});
