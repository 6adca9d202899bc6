// Dues by WeChat: a code on the PC, and inside WeChat on the phone.

import { completeProfile, confirmLogin, scanLogin, typePassword } from "./member.mjs";
import { PASSWORD, unit } from "./people.mjs";
import { Phone } from "./phone.mjs";
import { onPc } from "./window.mjs";

const PAY_CODE = ".pay-code .qr-code";

async function a_member_pays_by_a_code_on_the_pc(world) {
  const window = world.member;
  await window.open("/dues");
  await window.says("6,000.00");
  await window.look("pc-dues-rest");
  await window.press("去缴费");
  await window.arrive(/^\/pay\/./);
  await window.page.locator(PAY_CODE).waitFor();
  await window.look("pc-pay-code");
  await world.phone.scanFrom(window, PAY_CODE);
  await world.phone.pay("6000.00");
  await window.says("支付成功");
  await window.look("pc-paid");
  await window.open("/payments");
  await window.says("支付成功");
  await window.look("pc-payments");
  await window.open("/dues/records");
  await window.look("pc-records-paid");
  await window.open("/dues");
  await window.look("pc-dues-paid");
}

async function another_unit_signs_in_with_its_own_wechat(world) {
  const window = await onPc(world.browser, world.demo);
  await typePassword(window, unit(3));
  await window.arrive("/profile");
  await completeProfile(window);
  world.otherPhone = await Phone.of(world, "xiaozhou");
  await scanLogin(window, world.otherPhone);
  await confirmLogin(window, world.otherPhone);
  await window.page.context().close();
}

async function it_pays_inside_wechat(world) {
  const phone = world.otherPhone;
  await phone.open("/h5/login");
  await phone.window.look("phone-login");
  await phone.window.fill({ account: unit(3).uscc, password: PASSWORD });
  await phone.window.press("登录并用微信确认");
  await phone.window.arrive("/h5/");
  await phone.window.look("phone-home");
  await phone.open("/h5/dues");
  await phone.window.look("phone-dues");
  await phone.window.press("去付款");
  await phone.window.arrive(/^\/h5\/pay\/./);
  await phone.window.look("phone-pay");
  await phone.page.getByRole("button", { name: /微信支付/ }).first().click();
  await phone.pay("2000.00");
  await phone.window.says("支付成功");
  await phone.window.look("phone-paid");
  await phone.open("/h5/dues");
  await phone.window.look("phone-dues-paid");
}

async function the_secretariat_sees_both_payments(world) {
  const window = world.admin;
  await window.open("/admin/payments");
  await window.says(unit(1).name);
  await window.says(unit(3).name);
  await window.look("admin-payments");
  await window.open("/admin/payments/unexplained");
  await window.says("没有待处理的款项");
  await window.look("admin-unexplained");
  await window.open("/admin/dues");
  await window.look("admin-dues");
  await window.open("/admin");
  await window.look("admin-dashboard-later");
}

export const parts = [
  a_member_pays_by_a_code_on_the_pc,
  another_unit_signs_in_with_its_own_wechat,
  it_pays_inside_wechat,
  the_secretariat_sees_both_payments,
];
