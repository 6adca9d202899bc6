// A second tap on 提交 does nothing: form[data-once]. Comes back to life when WeChat or the browser
// shows the page again from its cache.
import { each } from "./dom.js";

const sending = new Set();

each("form[data-once]", (form) => {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sending.has(form)) {
      event.preventDefault();
      return;
    }
    sending.add(form);
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    // After the browser has read the form: a disabled button would not send its own name.
    setTimeout(() => {
      for (const other of form.querySelectorAll("button:not([type=button])")) other.disabled = true;
      if (!button) return;
      button.dataset.text = button.textContent;
      button.textContent = button.dataset.busy || "正在提交…";
      button.setAttribute("aria-busy", "true");
    });
    // A download or a dropped connection leaves the page in place.
    setTimeout(() => wake(form), 15000);
  });
});

function wake(form) {
  if (!sending.delete(form)) return;
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    if (button.dataset.text !== undefined) button.textContent = button.dataset.text;
    delete button.dataset.text;
  }
}

addEventListener("pageshow", () => [...sending].forEach(wake));
