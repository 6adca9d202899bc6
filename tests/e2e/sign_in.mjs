// A member signs in: password, 完善信息 at the first time, the scan, the number, and in.

import { CODE, completeProfile, confirmLogin, scanLogin, typePassword } from "./member.mjs";
import { PASSWORD, unit } from "./people.mjs";
import { Console, Phone } from "./phone.mjs";
import { onPc } from "./window.mjs";

async function a_new_member_completes_the_profile(world) {
  const window = await onPc(world.browser, world.demo);
  world.member = window;
  await typePassword(window, unit(1));
  await window.arrive("/profile");
  await window.look("pc-profile-first");
  await window.press("保存，下一步扫码");
  await window.says("请修改以下内容后再提交");
  await window.look("pc-profile-refused");
  await completeProfile(window);
  await window.look("pc-scan");
}

async function the_first_scan_binds_and_lets_in(world) {
  const window = world.member;
  world.phone = await Phone.of(world, "xiaolin");
  await scanLogin(window, world.phone);
  await world.phone.window.look("phone-scan-question");
  await window.look("pc-scan-scanned");
  await world.phone.window.press("确认登录");
  await world.phone.window.says("请先选择数字");
  await world.phone.window.look("phone-scan-unpicked");
  await confirmLogin(window, world.phone);
  await world.phone.window.look("phone-scan-confirmed");
  await window.look("pc-home");
}

async function the_second_sign_in_goes_straight_to_the_code(world) {
  const window = world.member;
  await window.press("退出", "body");
  await window.arrive("/login");
  await typePassword(window, unit(1));
  await window.arrive("/login/scan");
}

async function another_wechat_is_refused(world) {
  const window = world.member;
  const stranger = await Phone.of(world, "xiaozhou");
  await stranger.scanFrom(window, CODE);
  await stranger.window.says("该微信与绑定微信不一致");
  await stranger.window.look("phone-scan-stranger");
  await stranger.close();
  await window.says("该微信与绑定微信不一致");
  await window.look("pc-scan-stranger");
}

async function the_right_wechat_can_refuse_and_then_confirm(world) {
  const window = world.member;
  await scanLogin(window, world.phone);
  await world.phone.window.press("不是我");
  await world.phone.window.says("已取消登录");
  await window.says("本次登录已取消");
  await window.look("pc-scan-refused");
  await window.press("重新生成二维码");
  await window.page.locator(CODE).waitFor();
  await scanLogin(window, world.phone);
  await confirmLogin(window, world.phone);
}

async function a_code_on_the_screen_is_picked_from_the_phones_list(world) {
  const window = world.member;
  await window.press("退出", "body");
  await window.arrive("/login");
  await typePassword(window, unit(1));
  await window.arrive("/login/scan");
  const code = await window.page.locator("[data-scan-url]").getAttribute("data-scan-url");
  const console = await Console.of(world, "xiaolin");
  await console.pick("登录码", code);
  await console.phone.getByText("登录确认").first().waitFor();
  await console.window.look("console");
  await window.says("已扫描");
  await console.dropped(code);
  const number = await window.page.locator("[data-scan-number]").innerText();
  await console.phone.locator(".ask-number", { hasText: number }).click();
  await console.phone.getByRole("button", { name: "确认登录" }).click();
  await window.arrive("/");
  await console.close();
}

async function a_bound_wechat_signs_in_without_the_password(world) {
  const window = world.member;
  await window.press("退出", "body");
  await window.arrive("/login");
  await window.look("pc-login-direct");
  await window.press("微信扫码登录");
  await window.arrive("/login/direct");
  await window.look("pc-direct");
  await scanLogin(window, world.phone);
  await world.phone.window.look("phone-direct-question");
  await confirmLogin(window, world.phone);
}

async function a_member_looks_at_profile_and_password(world) {
  const window = world.member;
  await window.open("/profile");
  await window.look("pc-profile");
  await window.open("/password");
  await window.fill({ old_password: PASSWORD, password: "short", password_again: "other" });
  await window.press("修改密码");
  await window.says("密码没有修改");
  await window.look("pc-password-refused");
}

export const parts = [
  a_new_member_completes_the_profile,
  the_first_scan_binds_and_lets_in,
  the_second_sign_in_goes_straight_to_the_code,
  another_wechat_is_refused,
  the_right_wechat_can_refuse_and_then_confirm,
  a_code_on_the_screen_is_picked_from_the_phones_list,
  a_bound_wechat_signs_in_without_the_password,
  a_member_looks_at_profile_and_password,
];
