// Asks the server for news: [data-poll="/url"], every [data-poll-every] seconds (2). 204 is "nothing new";
// an HTML fragment replaces the element, or the one that [data-poll-swap] selects. A fragment of a final
// state carries no data-poll, so the asking ends by itself. Retry-After is obeyed. HX-Redirect leads to another page.
import { each, refresh } from "./dom.js";

const NO_MORE = new Set([400, 401, 403, 404, 405, 410]);

each("[data-poll]", (element) => {
  const every = Number(element.dataset.pollEvery || 2) * 1000;
  let wait = every;
  let timer = 0;
  let busy = false;

  const later = () => { clearTimeout(timer); timer = setTimeout(ask, wait); };

  async function ask() {
    if (!element.isConnected || busy) return;
    if (document.hidden) return; // visibilitychange asks again
    busy = true;
    try {
      const more = await once(element);
      wait = every;
      if (more) later();
    } catch (error) {
      wait = pause(wait, error.retryAfter);
      tell(element, "网络不稳定，正在重试…");
      later();
    } finally {
      busy = false;
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); ask(); } });
  element.addEventListener("poll:now", () => { clearTimeout(timer); ask(); });
  later();
});

/** The next wait after a failure, in milliseconds: twice as long up to 30 s, and never before the time that
 *  the server named in Retry-After (seconds). */
export function pause(wait, retryAfter) {
  const named = Number(retryAfter) * 1000;
  return Math.max(Math.min(wait * 2, 30000), Number.isFinite(named) ? named : 0);
}

/** One question. True: ask again later. Throws: the answer did not come, or was no answer. */
async function once(element) {
  const response = await fetch(element.dataset.poll, {
    headers: { Accept: "text/html", "HX-Request": "true" },
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout?.(10000),
  });
  const target = response.headers.get("HX-Redirect");
  if (target) {
    location.assign(target);
    return false;
  }
  if (NO_MORE.has(response.status)) {
    tell(element, "状态已失效，请刷新页面");
    return false;
  }
  if (!response.ok) {
    throw Object.assign(new Error(String(response.status)), { retryAfter: response.headers.get("Retry-After") });
  }
  tell(element, "");
  if (response.status === 204) return true;
  return swap(element, await response.text());
}

function swap(element, html) {
  const place = element.dataset.pollSwap ? document.querySelector(element.dataset.pollSwap) : element;
  if (!place) return true;
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = [...template.content.children];
  place.replaceWith(template.content);
  fresh.forEach(refresh);
  return element.isConnected;
}

/** Text for [data-poll-note] inside the element, if the page wants to show one. */
function tell(element, text) {
  const note = element.querySelector("[data-poll-note]");
  if (note) { note.textContent = text; note.hidden = text === ""; }
}
