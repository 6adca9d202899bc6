// What a member does again and again: password, profile, scan, number.

import assert from "node:assert/strict";

import { PASSWORD, PROFILE, REGION, SECTION } from "./people.mjs";

export const CODE = ".qr-code";

// Types account and password on the PC.
export async function typePassword(window, unit) {
  await window.open("/login");
  await window.fill({ account: unit.uscc, password: PASSWORD });
  await window.press("登录");
}

// 完善信息 of the first sign-in.
export async function completeProfile(window) {
  await window.page.getByLabel("所属行业：门类").selectOption(SECTION);
  await window.fill(PROFILE);
  const region = window.page.locator("[data-region] select");
  for (const [level, code] of REGION.entries()) await region.nth(level).selectOption(code);
  await window.press("保存，下一步扫码");
  await window.arrive("/login/scan");
}

// Opens the question on the phone; the PC must show that somebody has scanned.
export async function scanLogin(window, phone) {
  const address = await phone.scanFrom(window, CODE);
  assert.match(address, /\/h5\/scan\/./);
  await phone.window.says("登录确认");
  await window.says("已扫描");
}

// Chooses the number that the PC shows and confirms; the PC goes in by itself.
export async function confirmLogin(window, phone) {
  const number = await window.page.locator("[data-scan-number]").innerText();
  await phone.page.locator(".ask-number", { hasText: number }).click();
  await phone.window.press("确认登录");
  await phone.window.says("已确认登录");
  await window.arrive("/");
}
