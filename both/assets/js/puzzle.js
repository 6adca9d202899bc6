// The puzzle after some wrong passwords or questions: [data-puzzle="text"] with [data-puzzle-bits]. Finds a
// number whose SHA-256 together with the text begins with so many zero bits, a slice at a time, so that the
// page stays usable. A form that is sent before is sent as soon as the number is found. The hash is written
// out here because browsers offer theirs to https pages only.
import { each } from "./dom.js";

const SLICE = 20; // milliseconds

each("[data-puzzle]", (element) => {
  const form = element.closest("form");
  const answer = element.querySelector("[name=puzzle_answer]");
  const note = element.querySelector("[data-puzzle-note]");
  const text = element.dataset.puzzle;
  const bits = Number(element.dataset.puzzleBits);
  let button = null; // that sends the form once the number is found

  const tell = (words) => { note.textContent = words; note.hidden = words === ""; };
  form.addEventListener("submit", (event) => {
    if (answer.value !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button = event.submitter ?? form.querySelector("button:not([type=button])");
    tell("正在完成安全验证，完成后自动提交…");
  }, { capture: true });

  let number = 0;
  const work = () => {
    const end = performance.now() + SLICE;
    while (performance.now() < end) {
      for (let i = 0; i < 64; i += 1, number += 1) {
        if (zeros(sha256(`${text}:${number}`)) >= bits) {
          answer.value = String(number);
          tell("安全验证已完成，请继续");
          button?.click();
          return;
        }
      }
    }
    setTimeout(work);
  };
  tell("正在进行安全验证…");
  setTimeout(work);
});

/** Leading zero bits of eight 32-bit words. */
export function zeros(words) {
  let count = 0;
  for (const word of words) {
    count += Math.clz32(word);
    if (word !== 0) break;
  }
  return count;
}

const K = new Uint32Array(64);
const START = new Uint32Array(8);
constants();

/** The first 32 bits of the fractions of the roots of the first primes (FIPS 180-4). */
function constants() {
  const fraction = (x) => (x - Math.floor(x)) * 4294967296;
  for (let found = 0, n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found] = fraction(Math.cbrt(n));
    found += 1;
  }
}

const w = new Uint32Array(64);

/** SHA-256 of an ASCII text, as eight 32-bit words. */
export function sha256(text) {
  const length = text.length;
  const blocks = (length + 72) >> 6;
  const hash = START.slice();
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) {
      let word = 0;
      for (let j = 0; j < 4; j += 1) {
        const at = block * 64 + i * 4 + j;
        word = (word << 8) | (at < length ? text.charCodeAt(at) : at === length ? 0x80 : 0);
      }
      w[i] = word;
    }
    if (block === blocks - 1) w[15] = length * 8;
    compress(hash);
  }
  return hash;
}

const turn = (x, n) => (x >>> n) | (x << (32 - n));

function compress(hash) {
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15];
    const b = w[i - 2];
    w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i += 1) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const sum = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i += 1) hash[i] += sum[i];
}
