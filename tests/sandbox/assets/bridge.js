// The sandbox's WeixinJSBridge. Injected before every other script of a page in the web view.
(function () {
  'use strict';
  if (window.WeixinJSBridge) return;

  try {
    var agent = navigator.userAgent + ' MicroMessenger/8.0.55.2780(0x2800373B) NetType/WIFI Language/zh_CN';
    Object.defineProperty(navigator, 'userAgent', { get: function () { return agent; } });
  } catch (ignored) { /* a browser that forbids it keeps its own name */ }

  function post(path, body) {
    return fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).then(function (answer) { return answer.json(); });
  }

  function make(tag, name, text) {
    var node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function style() {
    if (document.querySelector('link[href="/__wechat/phone.css"]')) return;
    var link = make('link');
    link.rel = 'stylesheet';
    link.href = '/__wechat/phone.css';
    document.head.appendChild(link);
  }

  function button(name, text, press) {
    var node = make('button', name, text);
    node.type = 'button';
    node.addEventListener('click', press);
    return node;
  }

  // Shows WeChat's pay sheet; `done` hears 'ok', 'cancel' or 'fail'.
  function sheet(contents, code, done) {
    style();
    var veil = make('div', 'wx-veil');
    veil.setAttribute('role', 'dialog');
    veil.setAttribute('aria-label', '微信支付');
    var box = make('div', 'wx-sheet');
    var finish = function (result) { veil.remove(); done(result); };
    var note = make('p', 'wx-error');
    box.appendChild(make('p', 'wx-merchant', contents.merchant));
    box.appendChild(make('p', 'wx-description', contents.description));
    box.appendChild(make('p', 'wx-amount', contents.amount));
    box.appendChild(make('p', 'wx-way', '支付方式　零钱（模拟）'));
    var pay = button('wx-button wx-green', '支付', function () {
      pay.disabled = true;
      post('/__wechat/pay/confirm', { code: code }).then(function (answer) {
        if (answer.error) { note.textContent = answer.error; pay.disabled = false; return; }
        box.textContent = '';
        box.appendChild(make('p', 'wx-tick', '✓'));
        box.appendChild(make('p', 'wx-merchant', '支付成功'));
        box.appendChild(make('p', 'wx-amount', contents.amount));
        box.appendChild(button('wx-button wx-green', '完成', function () { finish('ok'); }));
      }, function () { finish('fail'); });
    });
    box.appendChild(note);
    box.appendChild(pay);
    box.appendChild(button('wx-button', '取消', function () { finish('cancel'); }));
    veil.appendChild(box);
    document.body.appendChild(veil);
    pay.focus();
  }

  function brandPay(values, done) {
    var answer = function (result, why) {
      var message = { err_msg: 'get_brand_wcpay_request:' + result };
      if (why) { message.err_desc = why; message.errMsg = why; console.warn('模拟微信：' + why); }
      done(message);
    };
    post('/__wechat/pay/open', values).then(function (opened) {
      if (opened.error) { answer('fail', opened.error); return; }
      sheet(opened.sheet, opened.code, answer);
    }, function () { answer('fail', '网络错误'); });
  }

  window.WeixinJSBridge = {
    invoke: function (name, values, done) {
      done = typeof done === 'function' ? done : function () {};
      if (name === 'getBrandWCPayRequest') { brandPay(values || {}, done); return; }
      if (name === 'closeWindow') { location.href = '/__wechat/closed'; return; }
      done({ err_msg: name + ':ok' });
    },
    call: function (name) { this.invoke(name, {}); },
    on: function () {},
    sandboxSheet: sheet,
  };

  // The console's keys under the phone.
  window.addEventListener('message', function (event) {
    if (event.source !== window.parent || window.parent === window) return;
    if (event.data === 'wechat:reload') location.reload();
    if (event.data === 'wechat:back') history.back();
  });

  function ready() { document.dispatchEvent(new Event('WeixinJSBridgeReady')); }
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', function () { setTimeout(ready, 0); });
  } else {
    setTimeout(ready, 0);
  }
})();
