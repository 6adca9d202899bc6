// Suggests 单位规模 from people and revenue (划分办法 2017); the unit chooses itself.
import { each } from "../../../both/assets/js/dom.js";

const LIMITS = {
  net: [["大型", 2000, 100000], ["中型", 100, 1000], ["小型", 10, 100]],
  soft: [["大型", 300, 10000], ["中型", 100, 1000], ["小型", 10, 50]],
};

each("[data-size-helper]", (box) => {
  const at = (name) => box.querySelector(`[data-size-${name}]`);
  at("form").hidden = false;
  // These inputs are no part of the form: they have no names and change nothing.
  at("form").addEventListener("input", (event) => {
    event.stopPropagation();
    const [people, revenue] = [at("people"), at("revenue")].map((input) => Number(input.value));
    const isReady = at("people").value && at("revenue").value && people >= 0 && revenue >= 0;
    const found = LIMITS[at("kind").value].find(([, p, r]) => people >= p && revenue >= r);
    at("result").textContent = isReady ? `参考结果：${found ? found[0] : "微型"}` : "";
  });
});
