// Finance with two people: bill runs and their voiding, a refund with parts, parked money.

import assert from "node:assert/strict";

import { unit } from "./people.mjs";
import { onPc } from "./window.mjs";

const PAY_CODE = ".pay-code .qr-code";

async function control(world, path, body) {
  const answer = await fetch(`${world.demo.sandbox}/control/${path}`, {
    method: body ? "POST" : "GET",
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

// Starts a run of a year, waits for its preview, and approves it.
async function issue(window, year) {
  await window.open("/admin/dues/runs");
  await window.fill({ year });
  await window.press("开始试算");
  await window.arrive(/^\/admin\/dues\/runs\/./);
  await window.says("待批准");
  await window.look(`admin-run-preview-${year}`);
  await approveRun(window, "已完成");
}

async function approveRun(window, end) {
  await window.page.locator("main a[data-dialog]", { hasText: "批准执行" }).click();
  await window.page.locator("dialog[open] [name=approve_reason]").fill("按会员代表大会决议执行");
  await window.press("批准执行", "dialog[open]");
  await window.says(end);
}

async function a_second_person_signs_in(world) {
  const window = await onPc(world.browser, world.demo);
  world.second = window;
  await window.open("/admin/login");
  await window.fill({ account: "finance", password: world.demo.password });
  await window.press("登录");
  await window.arrive("/admin");
}

async function two_years_are_issued(world) {
  await issue(world.admin, "2027");
  await issue(world.admin, "2028");
  await world.admin.look("admin-run-done");
}

// One order over all years that are owed, here 10,000 each; before it an order that was given up, and
// that WeChat takes money for all the same.
async function a_member_pays_two_years_and_once_too_often(world) {
  const window = world.member;
  const code = async () => {
    await window.open("/dues");
    for (const box of await window.page.locator("main input[name=bill]").all()) await box.check();
    await window.press("去缴费");
    await window.arrive(/^\/pay\/./);
    await window.page.locator(PAY_CODE).waitFor();
  };
  await code();
  const before = (await control(world, "truth")).map((order) => order.out_trade_no);
  await window.page.locator("main a[data-dialog]", { hasText: "取消支付" }).click();
  await window.press("确定取消", "dialog[open]");
  await window.says("订单已取消，没有扣款");
  await code();
  await world.phone.scanFrom(window, PAY_CODE);
  await world.phone.pay("20000.00");
  await window.says("支付成功");
  await window.look("pc-paid-two-years");
  const orders = await control(world, "truth");
  const given = orders.find((order) => before.includes(order.out_trade_no) && order.total === 2_000_000);
  await control(world, "pay", { out_trade_no: given.out_trade_no, user: "xiaolin", force: true });
  await control(world, "settle", {});
  world.twoYears = orders.find((order) => !before.includes(order.out_trade_no)).out_trade_no;
}

async function a_refund_with_parts_needs_a_second_person(world) {
  const window = world.admin;
  await window.open(`/admin/refunds/new?number=${world.twoYears}`);
  await window.says("2028 年度");
  await window.look("admin-refund-new");
  await window.page.locator("main [name=means][value=bank]").check();
  await window.fill({ "part-1": "99999", paid_by: "出纳 王丽" });
  await window.press("提交退款申请");
  await window.says("请修改以下内容后再提交");
  await window.look("admin-refund-refused");
  await window.page.locator("main [name=means][value=wechat]").check();
  await window.fill({ "part-1": "1000.05", "part-2": "500", reason: "多缴退回" });
  await window.press("提交退款申请");
  await window.arrive(/^\/admin\/refunds\/./);
  await window.says("需要另一位同事审批");
  await window.look("admin-refund-asked");

  const second = world.second;
  await second.open(window.path());
  await second.look("admin-refund-approval");
  await second.page.locator("#f-approve-reason").fill("已核对");
  await second.press("同意退款");
  await second.says("已同意退款");
  await second.look("admin-refund-approved");
  await second.open("/admin/refunds");
  await second.look("admin-refunds-empty");
}

async function parked_money_is_refunded(world) {
  const window = world.admin;
  await window.open("/admin/payments/unexplained");
  await window.says("20,000.00");
  await window.look("admin-unexplained-one");
  await window.page.locator("main td.acts a").first().click();
  await window.says("退还付款人");
  await window.look("admin-parked");
  await window.press("下一步：核对");
  await window.says("不能为空");
  await window.look("admin-parked-refused");
  await window.page.locator("#f-refund-reason").fill("重复付款");
  await window.press("申请全额退款");
  await window.arrive(/^\/admin\/refunds\/./);
  const second = world.second;
  await second.open(window.path());
  await second.look("admin-parked-refund");
  await second.page.locator("#f-approve-reason").fill("已核对");
  await second.press("同意退款");
  await second.says("已同意退款");
  await window.open("/admin/payments/unexplained?state=done");
  await window.look("admin-unexplained-done");
}

async function a_run_is_taken_back_as_far_as_nothing_was_paid(world) {
  const window = world.admin;
  await window.open("/admin/dues/runs");
  await window.look("admin-runs");
  await window.page.locator("tr", { hasText: "2028" }).getByRole("link").first().click();
  await window.page.locator("main a[data-dialog]", { hasText: "作废本批次账单" }).click();
  await window.look("admin-run-voiding");
  await window.press("开始核对", "dialog[open]");
  await window.says("待批准");
  await window.look("admin-void-preview");
  await window.page.getByRole("link", { name: /^不能作废/ }).click();
  await window.says("账单上有款项");
  await window.says(unit(1).name);
  await window.look("admin-void-listed");
  await approveRun(window, "已完成");
  await window.look("admin-void-done");
}

async function what_nobody_had_looked_at(world) {
  const window = world.admin;
  await window.open("/admin/reconciliation");
  await window.look("admin-reconciliation");
  await window.page.locator("main td.acts a").first().click();
  await window.look("admin-reconciliation-day");
  await window.open("/admin/dues/arrears?year=2027");
  await window.look("admin-arrears");
  await window.page.locator("main td.acts a[href*='/bills/']").first().click();
  await window.look("admin-bill");
  await window.page.locator("#waive [name=kind][value=reduction]").check().catch(() => undefined);
  await window.fill({ yuan: "500", basis: "会员书面申请，经常务理事会同意" }, "#waive");
  await window.page.locator("#waive button[type=submit], #waive .btn-primary").first().click();
  await window.arrive(/^\/admin\/dues\/waivers\/./);
  await window.look("admin-waiver-asked");
  await world.second.open(window.path());
  await world.second.look("admin-waiver-approval");
  await world.second.open("/admin/dues/waivers");
  await world.second.look("admin-waivers");
  await window.open("/admin/ledger");
  await window.look("admin-ledger-entries");
  await world.member.open("/payments");
  await world.member.look("pc-payments-refunded");
  await world.second.page.context().close();
}

export const parts = [
  a_second_person_signs_in,
  two_years_are_issued,
  a_member_pays_two_years_and_once_too_often,
  a_refund_with_parts_needs_a_second_person,
  parked_money_is_refunded,
  a_run_is_taken_back_as_far_as_nothing_was_paid,
  what_nobody_had_looked_at,
];
