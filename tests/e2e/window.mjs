// Chromium, and a window that watches what a page does wrong while a person uses it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const SHOTS = process.env.E2E_SHOTS || "target/e2e-shots";
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PC = { width: 1366, height: 768 };
const PHONE = { width: 375, height: 812 };
const WAIT_MS = 15_000;
let shots = 0;

// All that was wrong with pages so far, a line each.
export const complaints = [];

function chromiumPath() {
  return process.env.CHROMIUM || execFileSync("sh", ["-c", "command -v chromium"]).toString().trim();
}

export function launch() {
  mkdirSync(SHOTS, { recursive: true });
  const args = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
  ];
  return chromium.launch({ executablePath: chromiumPath(), args });
}

// Chromium reports a refused form (422) as an error of the console; that answer is wanted.
function isRefusedForm(message) {
  return message.text().includes("status of 422");
}

class Window {
  constructor(page, demo) {
    this.page = page;
    this.demo = demo;
    this.wrong = [];
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.wrong.push(`script: ${error}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !isRefusedForm(message)) {
        this.wrong.push(`console on ${page.url()}: ${message.text()}`);
      }
    });
    page.on("request", (request) => this.watch(request.url()));
  }

  watch(address) {
    const { origin, protocol } = new URL(address);
    const near = [this.demo.product, this.demo.webview, this.demo.sandbox];
    if (protocol.startsWith("http") && !near.includes(origin)) {
      this.wrong.push(`request to another host: ${address}`);
    }
  }

  // Opens a path of the product.
  open(path) {
    return this.page.goto(this.demo.product + path);
  }

  path() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  // Waits until the address' path is as given.
  async arrive(path) {
    const fits = (url) =>
      path instanceof RegExp ? path.test(url.pathname) : url.pathname === path;
    await this.page.waitForURL(fits).catch(async () => {
      const text = await this.page.locator("body").innerText();
      assert.fail(`expected to arrive at ${path}, is at ${this.path()}:\n${text.slice(0, 1500)}`);
    });
  }

  // Fills fields by their names: texts, choices, ticks (true) and files.
  async fill(fields, within = "main") {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`${within} [name="${name}"]:visible`).first();
      const kind = await field.evaluate((node) => `${node.localName} ${node.type}`);
      if (kind.startsWith("select")) await field.selectOption(value);
      else if (kind.endsWith("checkbox")) await field.setChecked(value);
      else if (kind.endsWith("file")) await field.setInputFiles(value);
      else await field.fill(value);
    }
  }

  // Presses a button or link by its whole text.
  press(text, within = "main") {
    const exact = new RegExp(`^\\s*${text}\\s*$`);
    const place = this.page.locator(within);
    const button = place.getByRole("button", { name: exact });
    return button.or(place.getByRole("link", { name: exact })).first().click();
  }

  // Fails unless the page shows the words somewhere.
  async says(words, within = "body") {
    await this.page.locator(within).getByText(words).first().waitFor().catch(async () => {
      const text = await this.page.locator("body").innerText();
      assert.fail(`${this.path()} should say ${words}:\n${text.slice(0, 1500)}`);
    });
  }

  // What every page owes everybody: a title, no error, no foreign request, no sideways scroll,
  // WCAG 2 AA. What is wrong is kept for `complaints`, so that one run tells all. Leaves a screenshot.
  async look(name) {
    await this.page.waitForLoadState("load");
    shots += 1;
    const file = `${String(shots).padStart(2, "0")}-${name}.png`;
    await this.page.screenshot({ path: join(SHOTS, file), fullPage: true });
    if (!/\S/.test(await this.page.title())) this.wrong.push("no title");
    const over = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (over > 0) this.wrong.push(`${over} px too wide`);
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(WCAG).analyze();
    for (const { id, nodes } of violations) {
      for (const node of nodes) {
        const how = node.failureSummary.replace(/\s+/g, " ");
        this.wrong.push(`${id}: ${node.target.join(" ")}: ${how}`);
      }
    }
    complaints.push(...this.wrong.splice(0).map((text) => `${file}: ${text}`));
  }
}

async function open(browser, demo, viewport) {
  const context = await browser.newContext({ viewport, locale: "zh-CN", reducedMotion: "reduce" });
  return new Window(await context.newPage(), demo);
}

// A fresh browser on a PC, with no cookies.
export const onPc = (browser, demo) => open(browser, demo, PC);

// A fresh browser on a phone, outside of WeChat.
export const onPhone = (browser, demo) => open(browser, demo, PHONE);
