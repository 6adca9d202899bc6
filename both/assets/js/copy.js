// Copies [data-copy="text"] and says so on the button. Without a clipboard it selects the text instead.
import { each } from "./dom.js";

each("[data-copy]", (button) => {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const done = (await modern(button.dataset.copy)) || old(button.dataset.copy);
    button.textContent = done ? "已复制" : "请手动复制";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});

async function modern(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or a plain-http page
  }
}

function old(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "offscreen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
