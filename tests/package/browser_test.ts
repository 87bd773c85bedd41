/** The package in a browser: bundled by esbuild and loaded in a headless Chromium. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import type { BrowserReport } from "./browser_program.ts";
import { CHROMIUM, CHROMIUM_FLAGS, ROOT, testWith } from "./tools.ts";

const PAGE = `<!doctype html><script type="module" src="/bundle.js"></script>`;
const LONGEST_MS = 60_000;

async function bundle(entry: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    format: "esm",
    platform: "browser",
    // What is dropped in the end need not be installed.
    packages: "external",
    write: false,
    logLevel: "silent",
  });
  assert.deepEqual(warnings, []);
  return outputFiles[0]!.text;
}

/** Opens a page with the bundle, and gives what it posts. */
async function reportOf(chromium: string, code: string, directory: string): Promise<unknown> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = spawn(chromium, ["--headless", ...CHROMIUM_FLAGS, `--user-data-dir=${directory}`, url], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  browser.stderr.setEncoding("utf8").on("data", (chunk) => said += chunk);
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the page did not report: ${said}`)), LONGEST_MS);
      browser.on("exit", () => reject(new Error(`the browser ended: ${said}`)));
      server.on("request", (request, response) => {
        if (request.url === "/bundle.js") {
          return void response.setHeader("content-type", "text/javascript").end(code);
        }
        if (request.method !== "POST") return void response.setHeader("content-type", "text/html").end(PAGE);
        let body = "";
        request.setEncoding("utf8").on("data", (chunk) => body += chunk).on("end", () => {
          response.end();
          clearTimeout(timer);
          resolve(JSON.parse(body));
        });
      });
    });
  } finally {
    const ended = new Promise((resolve) => browser.on("exit", resolve));
    if (browser.exitCode === null && browser.kill("SIGKILL")) await ended;
    server.close();
    server.closeAllConnections();
  }
}

testWith(
  CHROMIUM,
  "there is no /usr/bin/chromium",
  "in a browser _runAsync() works, and run() refuses what is remote",
  async (chromium) => {
    const code = await bundle("tests/package/browser_program.ts");
    await inTemporaryDirectory(async (directory) => {
      const { asynchronous, synchronous, refusal } = await reportOf(
        chromium,
        code,
        directory,
      ) as BrowserReport;
      const text = "Sifakas are lemurs that leap sideways across open ground.";
      assert.deepEqual(asynchronous, {
        text,
        valid: true,
        iteration: 1,
        validators: ["LengthValidator", "RegexValidator", "own"],
      });
      assert.equal(synchronous, text);
      assert.match(refusal.message, /cannot block here: this runtime has no worker threads to wait for/);
    });
  },
);

test("a bundle holds no SDK and no worker", async () => {
  const code = await bundle("tests/package/browser_program.ts");
  for (const part of ["APIConnectionError", "receiveMessageOnPort =", "retext"]) {
    assert.ok(!code.includes(part), part);
  }
});
