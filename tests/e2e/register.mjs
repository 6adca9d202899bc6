// A unit registers on a phone, another on a PC; both look how far it is.

import assert from "node:assert/strict";

import { BAD_REGISTRATION, registration, unit } from "./people.mjs";
import { onPc, onPhone } from "./window.mjs";

const WRONG = [
  "name", "uscc", "legal_person", "legal_mobile", "contact_mobile", "password",
  "agree_charter", "agree_privacy",
];

async function refusesBadInput(window, path, shot) {
  await window.open(path);
  await window.look(shot);
  await window.fill(BAD_REGISTRATION);
  const [answer] = await Promise.all([
    window.page.waitForResponse((one) => one.request().method() === "POST"),
    window.press("注册"),
  ]);
  assert.equal(answer.status(), 422);
  await window.page.waitForLoadState("load");
  for (const name of WRONG) {
    const said = await window.page.locator(`#f-${name}-error`).innerText();
    assert.match(said, /\S/, `no error beside ${name}`);
  }
  assert.equal(await window.page.inputValue("[name=name]"), BAD_REGISTRATION.name);
  assert.equal(await window.page.inputValue("[name=contact]"), BAD_REGISTRATION.contact);
  assert.equal(await window.page.inputValue("[name=password]"), "", "a password came back");
  await window.look(`${shot}-refused`);
}

async function asks(window, path, query, shot) {
  await window.open(path);
  await window.look(`${shot}-blank`);
  await window.fill({ query });
  await window.press("查询");
  await window.says("待审核");
  await window.look(shot);
}

async function a_unit_registers_on_a_phone(world) {
  const window = await onPhone(world.browser, world.demo);
  await refusesBadInput(window, "/h5/register", "h5-register");
  await window.fill(registration(unit(1)));
  await window.press("注册");
  await window.arrive(/^\/h5\/register\/./);
  await window.says("注册成功");
  await window.look("h5-registered");
  await asks(window, "/h5/progress", unit(1).contactMobile, "h5-progress");
  await window.page.context().close();
}

async function a_unit_registers_on_a_pc(world) {
  const window = await onPc(world.browser, world.demo);
  await refusesBadInput(window, "/register", "pc-register");
  await window.fill(registration(unit(2)));
  await window.press("注册");
  await window.arrive(/^\/register\/./);
  await window.says("正在审核中");
  await window.look("pc-registered");
  await asks(window, "/register/progress", unit(2).uscc, "pc-progress");
  for (const path of ["/charter", "/privacy"]) {
    await window.open(path);
    await window.look(`pc${path.replace("/", "-")}`);
  }
  await window.page.context().close();
}

async function a_code_registers_once(world) {
  const window = await onPc(world.browser, world.demo);
  await window.open("/register");
  await window.fill({ ...registration(unit(3)), uscc: unit(1).uscc });
  await window.press("注册");
  await window.says("该单位已注册");
  await window.look("pc-register-again");
  await window.fill(registration(unit(3)));
  await window.press("注册");
  await window.arrive(/^\/register\/./);
  await window.page.context().close();
}

export const parts = [
  a_unit_registers_on_a_phone,
  a_unit_registers_on_a_pc,
  a_code_registers_once,
];
