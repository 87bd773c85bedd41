/** A headless Chromium for the tests of the viewer and for its screenshots. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { CHROMIUM, CHROMIUM_FLAGS } from "../package/tools.ts";

interface DenoLike {
  readonly permissions: { querySync(descriptor: { name: "sys" }): { readonly state: string } };
}

/** What drives the browser asks Deno for all permissions when it is loaded; of these, this one is given only with all others. */
function hasAllPermissions(): boolean {
  const { Deno } = globalThis as unknown as { Deno: DenoLike };
  return RUNTIME !== "deno" || Deno.permissions.querySync({ name: "sys" }).state === "granted";
}

/** The browser; `undefined` where there is none, or it cannot be driven. */
export const BROWSER: string | undefined = hasAllPermissions() ? CHROMIUM : undefined;
/** Why a test without a browser is skipped. */
export const MISSING: string = CHROMIUM === undefined
  ? "there is no Chromium"
  : "the browser can be driven only with all permissions: deno task test:browser";

/** Starts the browser. */
export async function startBrowser(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
}

/** A page, and what it asked for and complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** The addresses that it asked for. */
  readonly requests: string[];
  /** What it wrote to the console as errors: scripts that were refused, and failures of its own. */
  readonly complaints: string[];
}

/** Opens an empty page in a context of its own, and does something with it. */
export async function withPage(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0],
  use: (watched: WatchedPage) => Promise<void>,
): Promise<void> {
  const context: BrowserContext = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => void requests.push(request.url()));
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    page.on("pageerror", (error) => void complaints.push(String(error)));
    page.setDefaultTimeout(15_000);
    await use({ page, requests, complaints });
  } finally {
    await context.close();
  }
}
