// Dues by bank transfer: reported with a picture, amended, deleted, reported again, confirmed.

import { unit } from "./people.mjs";

const AMOUNT = "4000";

// A picture as a phone would make it; drawn by the browser itself.
async function receipt(window) {
  const picture = await window.page.screenshot({ type: "jpeg", quality: 60 });
  return { name: "银行回单.jpg", mimeType: "image/jpeg", buffer: picture };
}

function today() {
  return new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
}

async function report(window) {
  await window.open("/dues/offline");
  const voucher = await receipt(window);
  await window.fill({ amount: AMOUNT, paid_on: today(), voucher });
  await window.press("提交");
  await window.arrive("/dues/records");
  await window.says("待确认");
}

async function a_transfer_is_reported_amended_and_deleted(world) {
  const window = world.member;
  await window.open("/dues");
  await window.says("10,000.00");
  await window.look("pc-dues");
  await window.open("/dues/offline");
  await window.look("pc-offline");
  await window.fill({ amount: "abc", paid_on: "2999-01-01" });
  await window.press("提交");
  await window.says("请修改以下内容后再提交");
  await window.look("pc-offline-refused");
  await report(window);
  await window.look("pc-records-waiting");

  await window.press("修改");
  await window.arrive(/^\/dues\/offline\/./);
  await window.look("pc-offline-amend");
  await window.fill({ remark: "已核对" });
  await window.press("提交");
  await window.arrive("/dues/records");
  await window.look("pc-records-amended");

  await window.page.locator("main a[data-dialog]", { hasText: "删除" }).first().click();
  await window.look("pc-records-delete");
  await window.press("删除", "dialog[open]");
  await window.arrive("/dues/records");
  await window.says("缴费信息已删除");
  await window.look("pc-records-deleted");
}

async function a_transfer_is_reported_again_and_confirmed(world) {
  await report(world.member);
  const window = world.admin;
  await window.open("/admin/offline");
  await window.look("admin-offline");
  await window.page.locator("tr", { hasText: unit(1).name }).getByRole("link").first().click();
  await window.arrive(/^\/admin\/offline\/./);
  await window.look("admin-offline-one");
  await window.page.locator("#f-confirm-reason").fill("银行流水已核对");
  await window.press("确认到账");
  await window.page.waitForLoadState("load");
  await window.look("admin-offline-confirmed");

  await world.member.open("/dues/records");
  await world.member.says("已确认");
  await world.member.look("pc-records-confirmed");
}

export const parts = [
  a_transfer_is_reported_amended_and_deleted,
  a_transfer_is_reported_again_and_confirmed,
];
