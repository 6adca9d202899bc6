// The product exactly as `cargo demo` starts it, on free ports and with a data folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY = "The demo is ready";
// Long, because the first start compiles.
const START_MS = 20 * 60_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

// Collects what the demo says; resolves when it is ready, rejects when it ends before.
function ready(child, said) {
  return new Promise((resolve, reject) => {
    const tell = (why) => reject(new Error(`${why}\n${said.text.slice(-4000)}`));
    const late = setTimeout(() => tell("the demo did not get ready in time"), START_MS);
    const hear = (bytes) => {
      said.text += bytes;
      if (!said.text.includes(READY)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => tell(String(error)));
    child.on("exit", (code) => {
      clearTimeout(late);
      tell(`the demo ended with ${code}`);
    });
  });
}

export async function startDemo() {
  const data = await mkdtemp(join(tmpdir(), "huiyuan-e2e-"));
  const [product, sandbox, webview] = [await freePort(), await freePort(), await freePort()];
  const places = [
    ["--listen", `127.0.0.1:${product}`],
    ["--sandbox-listen", `127.0.0.1:${sandbox}`],
    ["--webview-listen", `127.0.0.1:${webview}`],
    ["--data", data],
  ];
  const child = spawn("cargo", ["demo", ...places.flat()], { cwd: ROOT });
  const said = { text: "" };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready(child, said);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    product: `http://127.0.0.1:${product}`,
    sandbox: `http://127.0.0.1:${sandbox}`,
    webview: `http://127.0.0.1:${webview}`,
    password: (await readFile(join(data, "admin-password"), "utf8")).trim(),
    log: () => said.text,
    stop,
  };
}
