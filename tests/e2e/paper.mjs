// What is handed on: a payment link for the accountant, and the receipt that anybody may check.

import { onPc, onPhone } from "./window.mjs";

const LINK = "[data-phone-url]";

async function an_accountant_gets_a_link_that_can_be_revoked(world) {
  const window = world.member;
  await window.open("/dues/links");
  await window.look("pc-links-blank");
  const year = window.page.locator("main select[name=bill]");
  await year.selectOption(await year.locator("option:not([value=''])").first().getAttribute("value"));
  await window.press("生成链接");
  await window.page.locator(LINK).waitFor();
  await window.look("pc-link-made");
  const address = await window.page.locator(LINK).getAttribute("data-phone-url");
  const path = new URL(address).pathname;

  const accountant = await onPc(world.browser, world.demo);
  await accountant.open(path);
  await accountant.says("缴费单位");
  await accountant.look("pc-link-opened");
  const phone = await onPhone(world.browser, world.demo);
  await phone.open(path.replace("/pay/", "/h5/pay/"));
  await phone.says("去付款");
  await phone.look("h5-link-opened");

  await window.press("作废链接");
  await window.press("作废链接", "#revoke");
  await window.arrive("/dues/links");
  await window.open("/dues/links");
  await window.says("已作废");
  await window.look("pc-links");
  await accountant.page.context().close();
  await phone.page.context().close();
}

async function a_receipt_is_printed_and_checked_by_a_stranger(world) {
  const window = world.member;
  await window.open("/receipts");
  await window.look("pc-receipts");
  await window.page.getByRole("link", { name: "查看和打印" }).first().click();
  await window.says("会费缴费凭据");
  await window.look("pc-receipt");
  const address = await window.page.locator("[data-verify-url]").getAttribute("data-verify-url");
  const path = new URL(address).pathname;
  for (const [open, name] of [[onPc, "pc"], [onPhone, "h5"]]) {
    const stranger = await open(world.browser, world.demo);
    await stranger.open(name === "pc" ? path.replace("/h5/", "/") : path);
    await stranger.says("凭据真实");
    await stranger.look(`${name}-receipt-genuine`);
    await stranger.open(name === "pc" ? "/verify/W1-000000000000" : "/h5/verify/W1-000000000000");
    await stranger.says("没有找到");
    await stranger.look(`${name}-receipt-unknown`);
    await stranger.page.context().close();
  }
}

async function finance_looks_at_the_books(world) {
  const window = world.admin;
  for (const page of [
    "refunds", "refunds/new", "ledger", "notices", "contributions", "members", "dues/runs",
    "dues/waivers", "dues/arrears",
  ]) {
    await window.open(`/admin/${page}`);
    await window.look(`admin-${page.replace("/", "-")}`);
  }
  await window.open("/admin/ledger/check");
  await window.press("立即核对");
  await window.says("没有发现问题");
  await window.look("admin-ledger-check");
}

export const handedOn = [an_accountant_gets_a_link_that_can_be_revoked];
export const parts = [a_receipt_is_printed_and_checked_by_a_stranger, finance_looks_at_the_books];
