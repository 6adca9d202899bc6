// The screen after scanning a Native code: the pay sheet at once.
(function () {
  'use strict';
  var place = document.getElementById('native');
  window.WeixinJSBridge.sandboxSheet(JSON.parse(place.dataset.sheet), place.dataset.code, function () {
    location.href = '/__wechat/home';
  });
})();
