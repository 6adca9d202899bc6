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

// The same page at the width of a phone.
async function lookNarrow(window, name) {
  await window.page.setViewportSize({ width: 375, height: 812 });
  await window.look(name);
  await window.page.setViewportSize({ width: 1366, height: 768 });
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
  await lookNarrow(window, "narrow-offline-refused");
  await window.fill({ amount: "99999", paid_on: today() });
  await window.press("提交");
  await window.says("确实多汇了");
  await window.look("pc-offline-surplus");
  await report(window);
  await window.look("pc-records-waiting");
  await lookNarrow(window, "narrow-records-waiting");

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
  await window.page.locator("main a[data-dialog]", { hasText: "确认到账" }).click();
  await window.look("admin-offline-confirming");
  await window.page.locator("#f-confirm-reason").fill("银行流水已核对");
  await window.press("确认到账", "dialog[open]");
  await window.says("已确认到账，账单和账簿已更新");
  await window.look("admin-offline-confirmed");

  await world.member.open("/dues/records");
  await world.member.says("已确认");
  await world.member.look("pc-records-confirmed");
  await world.member.page.locator("main td a.mono").first().click();
  await world.member.arrive(/^\/dues\/offline\/./);
  await world.member.says("已确认到账，款项已计入");
  await world.member.look("pc-offline-report");
  await lookNarrow(world.member, "narrow-offline-report");
}

async function a_reversal_is_asked_for_and_taken_back(world) {
  const window = world.admin;
  await window.page.locator("main a[data-dialog]", { hasText: "申请冲正" }).click();
  await window.look("admin-offline-reversing");
  await window.page.locator("#f-reverse-reason").fill("记错了单位");
  await window.press("提交申请", "dialog[open]");
  await window.says("须由另一位工作人员复核；");
  await window.look("admin-offline-asked");
  await window.open("/admin/offline?state=approval");
  await window.says("更正待复核（1）");
  await window.look("admin-offline-approvals");
  await window.page.locator("tr", { hasText: unit(1).name }).getByRole("link").first().click();
  await window.page.locator("#f-answer-reason").fill("没有记错");
  await window.press("撤回申请");
  await window.says("这项更正没有执行");
  await window.open("/admin/contributions");
  await window.says(unit(1).name);
  await window.look("admin-contributions");
}

export const parts = [
  a_transfer_is_reported_amended_and_deleted,
  a_transfer_is_reported_again_and_confirmed,
  a_reversal_is_asked_for_and_taken_back,
];
