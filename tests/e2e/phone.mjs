// The sandbox's pretend phone: WeChat's web view, and the camera of the console.

import assert from "node:assert/strict";

import { onPc, onPhone } from "./window.mjs";

// Reads the code in a picture the way a person does it in the demo: 选择图片 on the console.
export async function readCode(world, picture) {
  const console = await onPc(world.browser, world.demo);
  // The console would open what it reads on its own phone at once; here another one does that.
  await console.page.route(`${world.demo.webview}/**`, (route) => route.abort());
  await console.page.goto(`${world.demo.sandbox}/`);
  await console.page.locator("#users button").first().waitFor();
  await console.page.setInputFiles("#picture", { name: "code.png", mimeType: "image/png", buffer: picture });
  const address = console.page.locator("#address");
  await console.page.waitForFunction(() => document.getElementById("address").value !== "");
  const text = await address.inputValue();
  await console.page.context().close();
  return text;
}

// The console as a person uses it: the phone in its frame, the list of codes beside it.
export class Console {
  static async of(world, user) {
    const console = new Console();
    console.window = await onPc(world.browser, world.demo);
    await console.window.page.goto(`${world.demo.sandbox}/`);
    await console.window.page.locator(`#users [data-user="${user}"]`).click();
    return console;
  }

  // What the phone shows.
  get phone() {
    return this.window.page.frameLocator("#phone");
  }

  // 扫这个, for the newest code in the list; it must be this one.
  async pick(kind, code) {
    const newest = this.window.page.locator("#codes li").first();
    await newest.getByText(kind).waitFor();
    const button = newest.getByRole("button", { name: "扫这个" });
    assert.equal(await button.getAttribute("data-scan"), code);
    await button.click();
  }

  // The list no longer offers this code.
  async dropped(code) {
    await this.window.page.locator(`#codes [data-scan="${code}"]`).waitFor({ state: "detached" });
  }

  close() {
    return this.window.page.context().close();
  }
}

// WeChat on the phone of one of the sandbox's people: xiaolin, xiaozhou, laochen.
export class Phone {
  static async of(world, user) {
    const phone = new Phone();
    phone.world = world;
    phone.user = user;
    phone.window = await onPhone(world.browser, world.demo);
    return phone;
  }

  get page() {
    return this.window.page;
  }

  as(query) {
    return this.page.goto(`${this.world.demo.webview}/__wechat/as/${this.user}?${query}`);
  }

  // 扫一扫, with what a code holds.
  scan(text) {
    return this.as(`scan=${encodeURIComponent(text)}`);
  }

  // Opens a path of the product inside WeChat.
  open(path) {
    return this.as(`to=${encodeURIComponent(path)}`);
  }

  // Points the camera at an element of another window.
  async scanFrom(window, selector) {
    const picture = await window.page.locator(selector).first().screenshot();
    const text = await readCode(this.world, picture);
    await this.scan(text);
    return text;
  }

  // Pays what WeChat's sheet shows; the sheet must ask for this much.
  async pay(amount) {
    const sheet = this.page.getByRole("dialog", { name: "微信支付" });
    const asked = (await sheet.locator(".wx-amount").first().innerText()).replace(/[^0-9.]/g, "");
    assert.equal(asked, amount, "the sheet asks for another amount");
    await sheet.getByRole("button", { name: "支付", exact: true }).click();
    await sheet.getByRole("button", { name: "完成" }).click();
  }

  close() {
    return this.page.context().close();
  }
}
