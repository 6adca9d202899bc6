// Keeps a half-filled form on the server: form[data-draft="/address"]. Passwords and ticks stay on the page.
// A line [data-draft-note] inside the form says when it was kept.
import { each } from "./dom.js";

const PAUSE = 1500;

each("form[data-draft]", (form) => {
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let sent = "";
  const fields = () => {
    const data = new URLSearchParams();
    for (const input of form.elements) {
      if (!input.name || ["password", "checkbox", "submit", "file"].includes(input.type)) continue;
      if (input.name.includes("password")) continue; // shown in clear by 显示
      data.append(input.name, input.value);
    }
    return data;
  };
  const keep = async () => {
    clearTimeout(timer);
    timer = 0;
    const body = fields().toString();
    if (body === sent) return;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body, keepalive: true,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (!answer.ok) return;
      sent = body;
      const now = new Date();
      const two = (n) => String(n).padStart(2, "0");
      if (note) note.textContent = `草稿已保存 ${two(now.getHours())}:${two(now.getMinutes())}`;
      form.dispatchEvent(new Event("draft:kept"));
    } catch {
      // Offline: what was typed is still on the page, and the next change tries again.
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "password") return;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("pagehide", () => { if (timer) keep(); });
});
