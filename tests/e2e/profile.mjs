// 完善信息 in full: drafts, candidates, 变更申请, and the history that the secretariat restores from.

import assert from "node:assert/strict";

import { PASSWORD, unit } from "./people.mjs";

const DOMAINS = "[data-rows=domains]";
const ADDRESS = "示例路 2 号";
const LEGAL_PERSON = "测试新法人";

// What the browser asks when a page with unsaved input is left; `stay` is the person's answer.
async function leaves(window, path, stay) {
  const asked = window.page.waitForEvent("dialog");
  const left = window.page.locator(`nav a[href="${path}"]`).first().click({ noWaitAfter: true });
  const question = await asked;
  assert.equal(question.type(), "beforeunload");
  await (stay ? question.dismiss() : question.accept());
  await left.catch(() => {});
  if (!stay) await window.arrive(path);
}

async function typed_fields_survive_leaving_the_page(world) {
  const window = world.member;
  await window.open("/profile");
  await window.fill({ domains_0: "www.example.com", address: ADDRESS });
  await window.press("添加一行", DOMAINS);
  await window.fill({ domains_1: "示例.中国" });
  await window.press("添加一行", DOMAINS);
  await window.page.getByRole("button", { name: "删除网站域名（3）" }).click();
  assert.equal(await window.page.locator(`${DOMAINS} input`).count(), 2);
  await window.says("草稿已自动保存");
  await window.says("未保存的修改");
  await leaves(window, "/dues", true);
  assert.equal(window.path(), "/profile");
  await leaves(window, "/dues", false);
  await window.open("/profile");
  await window.says("您有一份没有保存的草稿");
  await window.look("pc-profile-draft");
  await window.press("继续填写草稿");
  assert.equal(await window.page.locator("#f-domains_1").inputValue(), "示例.中国");
  await window.press("保存");
  await window.says("信息已保存");
  assert.equal(await window.page.locator("#f-address").inputValue(), ADDRESS);
}

async function the_size_helper_suggests_a_size(world) {
  const window = world.member;
  await window.page.getByText("不清楚单位规模").click();
  await window.page.getByLabel("从业人员").fill("120");
  await window.page.getByLabel("营业收入").fill("900");
  await window.says("参考结果：小型");
  await window.look("pc-profile-size");
}

const person = (n, name) => ({
  [`p${n}_name`]: name,
  [`p${n}_post`]: "总经理",
  [`p${n}_seat`]: "director",
  [`p${n}_mobile`]: `1390010008${n}`,
});

async function a_council_member_proposes_candidates(world) {
  const window = world.member;
  await window.press("填写或修改人选");
  await window.arrive("/profile/candidates");
  await window.look("pc-candidates-blank");
  await window.fill(person(0, "示例甲"));
  await window.press("添加一位");
  await window.page.locator("[name=p1_name]").waitFor();
  await window.press("确认修改");
  await window.says("没有保存");
  await window.look("pc-candidates-refused");
  await window.fill(person(1, "示例乙"));
  await window.press("确认修改");
  await window.says("秘书处审核通过后生效", "[role=status]");
  await window.look("pc-candidates-waiting");
}

async function the_secretariat_approves_the_candidates(world) {
  const window = world.admin;
  await window.open("/admin/candidates");
  await window.look("admin-candidates");
  await window.page.getByRole("link", { name: unit(1).name }).click();
  await window.says("示例乙");
  await window.look("admin-candidate");
  await window.fill({ reason: "同意" }, "form#approve");
  await window.press("通过", "form#approve");
  await window.says("名单已生效");
  await world.member.open("/profile/candidates");
  await world.member.says("示例乙", ".person");
  await world.member.look("pc-candidates-in-force");
}

async function a_member_asks_for_a_change(world) {
  const window = world.member;
  await window.open("/profile/changes");
  await window.look("pc-changes");
  await window.press("提交变更申请");
  await window.says("请至少修改一项");
  const licence = { name: "营业执照.pdf", mimeType: "application/pdf", buffer: Buffer.from(PDF) };
  await window.fill({ legal_person: LEGAL_PERSON, note: "法定代表人变更", file: licence });
  await window.press("提交变更申请");
  await window.says("变更申请已提交");
  await window.look("pc-changes-waiting");
}

// The smallest file that is a PDF.
const PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
  + "trailer<</Root 1 0 R>>\n%%EOF\n";

async function the_secretariat_approves_the_change(world) {
  const window = world.admin;
  await window.open("/admin/changes");
  await window.look("admin-changes");
  await window.page.locator("tbody a[href*='/admin/changes/']").first().click();
  await window.says(LEGAL_PERSON);
  await window.look("admin-change");
  await window.press("通过", "form#approve");
  await window.says("请填写通过说明");
  await window.fill({ reason: "营业执照核对无误" }, "form#approve");
  await window.press("通过", "form#approve");
  await window.says("资料已更新");
  await world.member.open("/profile/changes");
  await world.member.says("已通过");
  await world.member.look("pc-changes-approved");
}

async function an_earlier_value_is_put_back(world) {
  const window = world.admin;
  await window.open("/admin/members");
  await window.page.getByRole("link", { name: unit(1).name, exact: true }).first().click();
  await window.says("变更历史");
  await window.look("admin-member");
  const line = window.page.locator(".history-lines tr", { hasText: ADDRESS }).first();
  await line.getByRole("button", { name: "恢复" }).first().click();
  const box = window.page.locator("dialog[open]");
  await box.getByLabel("恢复原因").fill("会员来电说明填错");
  await window.look("admin-member-restore");
  await box.getByRole("button", { name: "恢复" }).click();
  await window.says("详细地址已恢复");
  await window.look("admin-member-restored");
}

async function tags_and_fields_are_edited_by_the_secretariat(world) {
  const window = world.admin;
  await window.fill({ tags: "云计算、重点联系" }, "form#tags");
  await window.press("保存标签");
  await window.says("标签已保存");
  await window.press("修改资料");
  await window.fill({ phone: "025-00000000", reason: "会员来电更正" });
  await window.look("admin-member-edit");
  await window.press("保存修改");
  await window.says("资料已修改");
  await window.open("/admin/members");
  await window.fill({ tag: "云计算" });
  await window.press("查找");
  await window.says(unit(1).name);
  await window.look("admin-members-tagged");
}

async function the_phone_shows_the_profile_and_edits_a_little(world) {
  const phone = world.phone;
  await phone.open("/h5/login");
  await phone.window.fill({ account: unit(1).uscc, password: PASSWORD });
  await phone.window.press("登录并用微信确认");
  await phone.window.arrive("/h5/");
  await phone.window.press("单位信息");
  await phone.window.arrive("/h5/profile");
  await phone.window.says(LEGAL_PERSON);
  await phone.window.look("phone-profile");
  await phone.window.fill({ email: "" });
  await phone.window.press("保存");
  await phone.window.says("请填写邮箱");
  await phone.window.look("phone-profile-refused");
  await phone.window.fill({ email: "phone@example.org" });
  await phone.window.press("保存");
  await phone.window.says("信息已保存");
}

export const parts = [
  typed_fields_survive_leaving_the_page,
  the_size_helper_suggests_a_size,
  a_council_member_proposes_candidates,
  the_secretariat_approves_the_candidates,
  a_member_asks_for_a_change,
  the_secretariat_approves_the_change,
  an_earlier_value_is_put_back,
  tags_and_fields_are_edited_by_the_secretariat,
  the_phone_shows_the_profile_and_edits_a_little,
];
