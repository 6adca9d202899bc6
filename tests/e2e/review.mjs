// The secretariat signs in, approves one unit with a level and rejects another.

import assert from "node:assert/strict";

import { unit } from "./people.mjs";
import { onPc } from "./window.mjs";

async function an_administrator_signs_in(world) {
  const window = await onPc(world.browser, world.demo);
  world.admin = window;
  await window.open("/admin");
  await window.arrive("/admin/login");
  await window.look("admin-login");
  await window.fill({ account: "admin", password: "not-the-password-1!" });
  await window.press("登录");
  await window.says("没有登录成功");
  await window.look("admin-login-refused");
  await window.fill({ account: "admin", password: world.demo.password });
  await window.press("登录");
  await window.arrive("/admin");
  await window.look("admin-dashboard");
}

async function openRequest(window, name) {
  await window.open("/admin/registrations");
  await window.page.getByRole("link", { name }).first().click();
  await window.arrive(/^\/admin\/registrations\/./);
}

async function approve(window, name, level) {
  await openRequest(window, name);
  await window.look(`admin-registration-${level}`);
  await window.page.locator("[name=level]").selectOption({ label: level });
  await window.press("通过申请");
  await window.page.waitForLoadState("load");
  await window.open("/admin/registrations");
  assert.equal(await window.page.getByRole("link", { name }).count(), 0);
}

async function two_units_are_approved_with_their_levels(world) {
  const window = world.admin;
  await window.open("/admin/registrations");
  await window.look("admin-registrations");
  await approve(window, unit(1).name, "理事单位");
  await approve(window, unit(3).name, "会员单位");
  await window.open("/admin/members");
  await window.says(unit(1).name);
  await window.look("admin-members");
  await window.fill({ q: unit(1).contactMobile });
  await window.press("查找");
  await window.says(unit(1).name);
  await window.look("admin-members-found");
}

async function another_unit_is_rejected_with_a_reason(world) {
  const window = world.admin;
  await openRequest(window, unit(2).name);
  await window.press("不通过");
  await window.says("请修改以下内容");
  await window.look("admin-reject-without-reason");
  await window.fill({ reason: "请补充单位名称的全称" });
  await window.press("不通过");
  await window.page.waitForLoadState("load");
  await window.open("/admin/registrations");
  await window.says("没有等待审核的申请");
  await window.look("admin-registrations-empty");
}

export const parts = [
  an_administrator_signs_in,
  two_units_are_approved_with_their_levels,
  another_unit_is_rejected_with_a_reason,
];
