// What sign-in tells units that have no account: one that waits, one that was turned down.

import { PASSWORD, registration, unit } from "./people.mjs";
import { onPc } from "./window.mjs";

async function triesToSignIn(world, unit, answer, shot) {
  const window = await onPc(world.browser, world.demo);
  await window.open("/login");
  await window.look("pc-login");
  await window.fill({ account: unit.uscc, password: PASSWORD });
  await window.press("登录");
  await window.says(answer, "main");
  await window.look(shot);
  await window.page.context().close();
}

async function a_unit_that_waits_is_told_so_at_login(world) {
  const window = await onPc(world.browser, world.demo);
  await window.open("/register");
  await window.fill(registration(unit(4)));
  await window.press("注册");
  await window.arrive(/^\/register\/./);
  await window.page.context().close();
  await triesToSignIn(world, unit(4), "正在审核中", "pc-login-waiting");
}

async function a_rejected_unit_is_told_why_at_login(world) {
  await triesToSignIn(world, unit(2), "请补充单位名称的全称", "pc-login-rejected");
}

export const parts = [
  a_unit_that_waits_is_told_so_at_login,
  a_rejected_unit_is_told_why_at_login,
];
