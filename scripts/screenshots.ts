/**
 * Makes the pictures of the viewer in docs/images from a store of sample runs. Needs Chromium.
 *
 *     deno task screenshots [STORE]
 *
 * A STORE that is there already is shown as it is, which saves the time to make one.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { SqliteStorage } from "../src/storage/mod.ts";
import { startViewer } from "../src/viewer/server.ts";
import { BROWSER, MISSING, startBrowser, withPage } from "../tests/viewer/browser.ts";
import { makeSampleStore } from "../tests/viewer/sample_store.ts";

if (BROWSER === undefined) throw new Error(MISSING);
const IMAGES = "docs/images";
const SHOWN_RUN = "write-release-notes-041";
const TALL = 1_160;
const CHARTS = 900;
const MARGIN = 20;
const SIZE = { width: 1180, height: 820 };

const directory = mkdtempSync(join(tmpdir(), "sifaka-screenshots-"));
try {
  const path = process.argv[2] ?? join(directory, "runs.db");
  if (!existsSync(path)) await makeSampleStore(path, { runs: 48, generationMs: 1_400, days: 24 });
  mkdirSync(IMAGES, { recursive: true });
  const storage = new SqliteStorage(path, { readOnly: true });
  const viewer = await startViewer({ open: () => storage, label: "runs.db" });
  const browser = await startBrowser(BROWSER);
  const pages = [["list", ""], ["run", `run/${SHOWN_RUN}`], ["charts", "charts"]] as const;
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, address] of pages) {
      await withPage(browser, { colorScheme, viewport: SIZE }, async ({ page }) => {
        await page.goto(viewer.url() + address);
        const fileOf = (what: string): string => join(IMAGES, `viewer-${what}-${colorScheme}.png`);
        const height = name === "list" ? SIZE.height : name === "run" ? TALL : CHARTS;
        await page.screenshot({ path: fileOf(name), clip: { ...SIZE, x: 0, y: 0, height }, fullPage: true });
        if (name !== "run") return;
        const { y, height: tall } = (await page.locator("#iteration-1").boundingBox())!;
        const clip = { x: 0, y, width: SIZE.width, height: tall + MARGIN };
        await page.screenshot({ path: fileOf("texts"), clip, fullPage: true });
      });
    }
  }
  await browser.close();
  await viewer.close();
  storage.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
