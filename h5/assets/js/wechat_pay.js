// Pays inside WeChat: [data-wechat-pay] carries the six signed values (data-app-id, data-time-stamp,
// data-nonce-str, data-package, data-sign-type, data-pay-sign). WeChat's answer is only a hint: whether money
// moved is asked of our own server, by the data-poll element that data-poll-of selects.
import { each } from "../../../both/assets/js/dom.js";

const TEXT = {
  "get_brand_wcpay_request:ok": "正在确认付款结果…",
  "get_brand_wcpay_request:cancel": "您取消了支付，可以再次点击付款。",
  "get_brand_wcpay_request:fail": "支付没有完成，请稍后重试。",
};

each("[data-wechat-pay]", (element) => {
  const button = element.querySelector("button");
  const note = element.querySelector("[data-pay-note]");
  const show = (text) => { if (note) { note.textContent = text; note.hidden = text === ""; } };
  const outside = setTimeout(() => {
    if (!bridge()) show("请在微信中打开本页付款。");
  }, 5000);

  const pay = () => {
    clearTimeout(outside);
    if (!bridge()) {
      show("请在微信中打开本页付款。");
      return;
    }
    if (button) button.disabled = true;
    show("");
    bridge().invoke("getBrandWCPayRequest", request(element.dataset), (answer) => {
      if (button) button.disabled = answer.err_msg === "get_brand_wcpay_request:ok";
      show(TEXT[answer.err_msg] ?? TEXT["get_brand_wcpay_request:fail"]);
      document.querySelector(element.dataset.pollOf || "[data-poll]")?.dispatchEvent(new Event("poll:now"));
    });
  };

  if (button) button.hidden = false;
  button?.addEventListener("click", pay);
  if (element.dataset.wechatPay !== "auto") return;
  if (bridge()) pay();
  else document.addEventListener("WeixinJSBridgeReady", pay, { once: true });
});

function bridge() {
  return window.WeixinJSBridge;
}

function request(data) {
  return {
    appId: data.appId, timeStamp: data.timeStamp, nonceStr: data.nonceStr,
    package: data.package, signType: data.signType, paySign: data.paySign,
  };
}
