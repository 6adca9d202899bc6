// The console's page: shows /control/state and sends what a person presses.
(function () {
  'use strict';
  var MISHAPS = [
    ['通知', [
      ['通知两次', { name: 'notify_twice' }], ['同时通知 5 次', { name: 'notify_parallel', count: 5 }],
      ['迟到 30 秒', { name: 'notify_late', seconds: 30 }], ['先通知后返回下单', { name: 'notify_before_answer' }],
      ['不通知', { name: 'no_notification' }], ['先发探测签名', { name: 'signtest_first' }],
      ['伪造签名', { name: 'forged_signature' }], ['未知序列号', { name: 'unknown_serial' }],
      ['时间戳过旧', { name: 'old_timestamp', seconds: 600 }], ['用平台证书签名', { name: 'platform_certificate' }]]],
    ['通知内容', [
      ['少 1 分钱', { name: 'wrong_amount', fen: -1 }], ['多 1 分钱', { name: 'wrong_amount', fen: 1 }],
      ['别的商户号', { name: 'wrong_mchid' }], ['别的公众号', { name: 'wrong_appid' }], ['美元', { name: 'currency_usd' }],
      ['不存在的订单', { name: 'unknown_order' }], ['缺附加数据', { name: 'missing_attach' }],
      ['空关联数据', { name: 'empty_associated_data' }], ['字段乱序', { name: 'shuffled_keys' }],
      ['用券抵扣 1 元', { name: 'coupon', fen: 100 }]]],
    ['接口', [
      ['下单 500', api('create', { kind: 'http500' })], ['下单 502 网页', api('create', { kind: 'http502' })],
      ['下单限频 429', api('create', { kind: 'rate_limited' })], ['下单成功但超时', api('create', { kind: 'timeout_after_success', seconds: 40 })],
      ['查询 500', api('query', { kind: 'http500' })], ['查询卡住 10 秒', api('query', { kind: 'hang', seconds: 10 })],
      ['下单半截 JSON', api('create', { kind: 'truncated' })], ['下单每秒一字节', api('create', { kind: 'slow' })],
      ['下单超大回复', api('create', { kind: 'huge' })], ['下单循环跳转', api('create', { kind: 'redirect_loop' })],
      ['查询说未支付', { name: 'query_disagrees', trade_state: 'NOTPAY' }], ['查询多 1 分钱', { name: 'query_wrong_amount', fen: 1 }],
      ['应答不签名', api('any', { kind: 'unsigned' })], ['应答被改动', api('any', { kind: 'tampered' })],
      ['退款异常', { name: 'refund_abnormal' }], ['退款关闭', { name: 'refund_closed' }], ['退款一直处理中', { name: 'refund_stuck' }]]],
    ['授权登录', [
      ['用户拒绝', { name: 'oauth_refuse' }], ['同一 code 回调两次', { name: 'oauth_double_callback' }],
      ['两个 code', { name: 'oauth_two_codes' }], ['code 过期', { name: 'oauth_expired_code' }],
      ['快照页用户', { name: 'oauth_snapshot' }], ['先繁忙后已用', { name: 'oauth_busy_then_used' }],
      ['换取 500', { name: 'oauth_http500' }], ['消息发送失败', { name: 'message_refused', errcode: 43004 }]]],
    ['账单', [
      ['今天就出账单', { name: 'bill_now' }], ['少一行', { name: 'bill_missing_row' }], ['多一行', { name: 'bill_extra_row' }],
      ['差 1 分钱', { name: 'bill_wrong_amount' }], ['哈希不符', { name: 'bill_wrong_hash' }], ['下载地址失效', { name: 'bill_dead_token' }]]],
  ];
  var STATES = { NOTPAY: '未支付', SUCCESS: '已支付', REFUND: '转入退款', CLOSED: '已关闭' };
  var REFUNDS = { PROCESSING: '处理中', SUCCESS: '成功', CLOSED: '关闭', ABNORMAL: '异常' };
  var WAYS = { native: '扫码', jsapi: '公众号', h5: 'H5' };
  var state = null;
  var user = sessionStorage.getItem('user') || 'xiaolin';

  function api(call, fault) { return { name: 'api', call: call, fault: fault }; }
  function at(id) { return document.getElementById(id); }
  function make(tag, text, name) {
    var node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  }
  function yuan(fen) { return '￥' + Math.floor(fen / 100) + '.' + String(fen % 100).padStart(2, '0'); }
  function clock(ms) { return new Date(ms).toLocaleTimeString('zh-CN', { hour12: false }); }
  function send(name, body) {
    return fetch('/control/' + name, { method: 'POST', body: JSON.stringify(body || {}) }).then(function (answer) { return answer.json(); });
  }
  // The same machine may be known under another name; cookies need ours.
  function webview(path) {
    var url = new URL(state.webview);
    return url.protocol + '//' + location.hostname + ':' + url.port + path;
  }
  function as(query) { return webview('/__wechat/as/' + user + '?' + query); }
  function show(url) { at('phone').src = url; at('alone').href = url; }
  function tell(what) { at('phone').contentWindow.postMessage(what, '*'); }
  function scan(text) {
    at('said').textContent = '';
    if (text.trim()) show(as('scan=' + encodeURIComponent(text.trim())));
  }
  function replace(id, nodes, empty) {
    var place = at(id);
    var fresh = nodes.map(function (node) { return node.outerHTML; }).join('');
    if (place.dataset.shown === fresh) return;
    place.dataset.shown = fresh;
    place.textContent = '';
    nodes.forEach(function (node) { place.appendChild(node); });
    if (!nodes.length && empty) place.appendChild(empty);
  }
  function row(cells) {
    var line = make('tr');
    cells.forEach(function (cell) { line.appendChild(make('td', cell[0], cell[1])); });
    return line;
  }
  function emptyRow(text, columns) {
    var line = make('tr');
    var cell = make('td', text, 'empty');
    cell.colSpan = columns;
    line.appendChild(cell);
    return line;
  }

  function showUsers() {
    replace('users', state.users.map(function (one) {
      var button = make('button', one.nickname);
      button.type = 'button';
      button.dataset.user = one.id;
      button.setAttribute('aria-pressed', String(one.id === user));
      button.appendChild(make('small', one.about));
      return button;
    }));
  }
  function showCodes() {
    var codes = state.codes.map(function (code) { return { url: code.url, kind: '付款码', text: code.text + '　' + yuan(code.total), at_ms: code.at_ms }; });
    state.screens.forEach(function (one) { codes.push({ url: one.url, kind: one.kind, text: one.title, at_ms: one.at_ms }); });
    state.seen.forEach(function (one) { codes.push({ url: one.url, kind: '授权页', text: '在微信以外打开过', at_ms: one.at_ms }); });
    codes.sort(function (a, b) { return b.at_ms - a.at_ms; });
    replace('codes', codes.map(function (code) {
      var item = make('li');
      var button = make('button', '扫这个');
      button.type = 'button';
      button.dataset.scan = code.url;
      item.appendChild(make('b', code.kind));
      var words = item.appendChild(make('span', code.text));
      words.title = code.url;
      item.appendChild(make('time', clock(code.at_ms)));
      item.appendChild(button);
      return item;
    }), make('li', state.behind ? '还没有。电脑页面上一出现登录二维码或付款码，这里就会列出。'
      : '还没有。请在电脑页面上发起付款，或截图粘贴登录二维码。', 'empty'));
  }
  function showDeliveries() {
    replace('deliveries', state.deliveries.map(function (one) {
      var answer = one.status ? 'HTTP ' + one.status : '没有回答';
      if (one.next_ms) answer += '，' + clock(one.next_ms) + ' 重发';
      return row([[clock(one.sent_ms)], [one.event], [one.out_trade_no], [one.attempt ? '第 ' + one.attempt + ' 次' : '探测'],
        [answer, one.acknowledged ? 'good' : 'bad']]);
    }), emptyRow('还没有发出通知', 5));
  }
  function showOrders() {
    var orders = state.orders.slice().sort(function (a, b) { return (b.paid_ms || 0) - (a.paid_ms || 0); });
    replace('orders', orders.map(function (one) {
      var refunds = one.refunds.map(function (refund) { return yuan(refund.refund) + ' ' + REFUNDS[refund.status]; }).join('，');
      return row([[one.out_trade_no], [WAYS[one.trade_type]], [yuan(one.total), 'number'], [STATES[one.state] + (one.acknowledged ? '，已通知到' : '')],
        [one.transaction_id || ''], [refunds]]);
    }), emptyRow('还没有订单', 6));
  }
  function same(mishap, known) {
    return Object.keys(known).every(function (key) { return JSON.stringify(mishap[key]) === JSON.stringify(known[key]); });
  }
  function showMishaps() {
    document.querySelectorAll('#mishaps button').forEach(function (button) {
      var known = JSON.parse(button.dataset.mishap);
      var armed = state.mishaps.some(function (one) { return same(one.mishap, known); });
      button.setAttribute('aria-pressed', String(armed));
    });
    at('armed').textContent = state.mishaps.length ? '等待发生：' + state.mishaps.length + ' 项' : '';
  }
  function refresh() {
    return fetch('/control/state').then(function (answer) { return answer.json(); }).then(function (fresh) {
      var first = !state;
      state = fresh;
      showUsers(); showCodes(); showDeliveries(); showOrders(); showMishaps();
      if (first) start();
    }, function () { at('said').textContent = '模拟微信已停止'; });
  }
  function start() {
    var asked = new URLSearchParams(location.search).get('scan');
    if (asked) scan(asked); else show(as('to=/__wechat/home'));
  }

  // The camera: any picture becomes grey pixels, the sandbox finds the code.
  function look(source, width, height) {
    var canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    var brush = canvas.getContext('2d');
    brush.drawImage(source, 0, 0, width, height);
    var colours = brush.getImageData(0, 0, width, height).data;
    var grey = new Uint8Array(width * height);
    for (var i = 0; i < grey.length; i += 1) {
      grey[i] = (colours[4 * i] * 299 + colours[4 * i + 1] * 587 + colours[4 * i + 2] * 114) / 1000;
    }
    return fetch('/control/decode?width=' + width, { method: 'POST', body: grey })
      .then(function (answer) { return answer.json(); })
      .then(function (found) {
        if (!found.texts || !found.texts.length) { at('said').textContent = '图片里没有找到二维码'; return; }
        at('address').value = found.texts[0];
        scan(found.texts[0]);
      });
  }
  function lookAtFile(file) {
    return createImageBitmap(file).then(function (picture) { return look(picture, picture.width, picture.height); },
      function () { at('said').textContent = '这不是图片'; });
  }
  function lookAtScreen() {
    navigator.mediaDevices.getDisplayMedia({ video: true }).then(function (stream) {
      var film = document.createElement('video');
      film.srcObject = stream;
      return film.play().then(function () { return new Promise(function (done) { setTimeout(done, 400); }); })
        .then(function () { return look(film, film.videoWidth, film.videoHeight); })
        .finally(function () { stream.getTracks().forEach(function (track) { track.stop(); }); });
    }).catch(function () { at('said').textContent = '没有得到屏幕画面'; });
  }

  MISHAPS.forEach(function (group) {
    var box = make('div', undefined, 'group');
    box.appendChild(make('h3', group[0]));
    group[1].forEach(function (one) {
      var button = make('button', one[0]);
      button.type = 'button';
      button.dataset.mishap = JSON.stringify(one[1]);
      box.appendChild(button);
    });
    at('mishaps').appendChild(box);
  });
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.scan) { at('address').value = button.dataset.scan; scan(button.dataset.scan); }
    if (button.dataset.user) { user = button.dataset.user; sessionStorage.setItem('user', user); showUsers(); show(as('to=/__wechat/home')); }
    if (button.dataset.mishap) { send('mishap', { mishap: JSON.parse(button.dataset.mishap), sticky: at('sticky').checked }).then(refresh); }
  });
  at('calm').addEventListener('click', function () { send('mishap/clear').then(refresh); });
  at('scan').addEventListener('submit', function (event) { event.preventDefault(); scan(at('address').value); });
  at('picture').addEventListener('change', function () { if (this.files[0]) lookAtFile(this.files[0]); this.value = ''; });
  at('screen').addEventListener('click', lookAtScreen);
  document.addEventListener('paste', function (event) {
    var file = Array.from(event.clipboardData.files)[0];
    if (file) { event.preventDefault(); lookAtFile(file); }
  });
  at('back').addEventListener('click', function () { tell('wechat:back'); });
  at('home').addEventListener('click', function () { show(as('to=/__wechat/home')); });
  at('reload').addEventListener('click', function () { tell('wechat:reload'); });
  refresh();
  setInterval(refresh, 1500);
})();
