//! What the demo says to the person at the terminal.

use std::io::Write;

use wechat_sandbox::Sandbox;

/// One line. A terminal that is gone is nobody to tell.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Where everything is, once it runs.
pub fn addresses(product: &str, sandbox: &Sandbox, password: &str) {
    let (phone, behind) = (sandbox.base_url(), sandbox.behind_url());
    let rule = "─".repeat(72);
    line(&format!(
        "
{rule}
  演示系统已就绪 · The demo is ready

  模拟手机   Pretend phone      {phone}/
             （扫一扫、支付、各种意外都在这里 · scan, pay and every mishap）
  电脑登录   PC sign-in         {product}/login
  电脑注册   PC registration    {product}/register
  手机注册   Phone registration {product}/h5/register
  管理后台   Administration     {product}/admin
             账号 account: admin    密码 password: {password}
             第二人（财务）second person: finance，密码相同 same password
  监控指标   Metrics            {behind}/metrics
             （程序自己的端口；以上地址都经过演示网关 · the product's own port, behind the demo's proxy）

  “模拟微信”不是微信，不会产生真实付款。 This is not WeChat; no money moves.
  按 Ctrl-C 停止。 Press Ctrl-C to stop.
{rule}
"
    ));
}
