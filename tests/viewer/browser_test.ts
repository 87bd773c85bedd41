/** The viewer in a headless Chromium, as a person uses it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Chain, defineCritic, defineModel, defineValidator, host } from "../../mod.ts";
import { SqliteStorage } from "../../src/storage/mod.ts";
import { startViewer, type Viewer } from "../../src/viewer/server.ts";
import { testWith } from "../package/tools.ts";
import { BROWSER, MISSING, startBrowser, type WatchedPage, withPage } from "./browser.ts";
import { makeSampleStore } from "./sample_store.ts";

const THEMES = ["light", "dark"] as const;
const EVIL =
  "</textarea></pre></title><script>document.title='owned'</script>\"><img src=x onerror=document.title='owned'>";

let browser: Browser;
let directory: string;
let writer: SqliteStorage;
let reader: SqliteStorage;
let viewer: Viewer;

before(async () => {
  if (BROWSER === undefined) return;
  directory = mkdtempSync(join(tmpdir(), "sifaka-"));
  const path = join(directory, "runs.db");
  await makeSampleStore(path, { runs: 12, generationMs: 4 });
  writer = new SqliteStorage(path);
  const evil = new Chain({
    model: defineModel("evil", () => ({ text: EVIL, model: EVIL })),
    prompt: EVIL,
    systemPrompt: EVIL,
  })
    .withStorage(writer)
    .validateWith(defineValidator("judge", () => ({ passed: false, message: EVIL })))
    .improveWith(defineCritic("friend", () => ({ needsImprovement: true, summary: EVIL, raw: EVIL })));
  await evil._runAsync({ runId: "evil" });
  reader = new SqliteStorage(path, { readOnly: true });
  viewer = await startViewer({ open: () => reader, label: "runs.db" });
  browser = await startBrowser(BROWSER);
});

after(async () => {
  await browser?.close();
  await viewer?.close();
  reader?.close();
  writer?.close();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** Adds a test that uses a page, which must neither ask another host for anything nor complain. */
function testPage(name: string, use: (watched: WatchedPage) => Promise<void>): void {
  testWith(BROWSER, MISSING, name, () =>
    withPage(browser, {}, async (watched) => {
      await use(watched);
      const { origin } = new URL(viewer.url());
      assert.deepEqual(watched.requests.filter((url) => new URL(url).origin !== origin), []);
      assert.deepEqual(watched.complaints, []);
    }));
}

testPage("runs are found as one types, and the address keeps up", async ({ page }) => {
  await page.goto(viewer.url());
  await page.keyboard.press("/");
  assert.equal(await page.evaluate("document.activeElement.id"), "q");
  await page.keyboard.type("teap");
  await page.locator("mark").first().waitFor();
  const titles = await page.locator(".runs h3").allTextContents();
  assert.ok(titles.length > 0 && titles.every((title) => title.includes("teapot")), titles.join());
  await page.waitForURL(/[?]q=teap$/);
  assert.match((await page.locator("#announcement").textContent())!, /runs?, best first/);
  await page.locator("#verdict").selectOption("invalid");
  await page.waitForURL(/verdict=invalid/);
  await page.reload();
  assert.equal(await page.inputValue("#q"), "teap");
});

testPage("the keys j and k go through the runs, and Enter opens one", async ({ page }) => {
  await page.goto(viewer.url());
  const here = (): Promise<unknown> => page.evaluate("document.activeElement.getAttribute('href')");
  const links = await page.locator(".runs h3 a").evaluateAll((all) =>
    all.map((one) => one.getAttribute("href"))
  );
  for (const [key, index] of [["j", 0], ["j", 1], ["j", 2], ["k", 1]] as const) {
    await page.keyboard.press(key);
    assert.equal(await here(), links[index]);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === links[1]);
});

testPage("the first key of a page leads past the navigation to the content", async ({ page }) => {
  await page.goto(viewer.url());
  await page.keyboard.press("Tab");
  assert.equal(
    await page.evaluate("document.activeElement.textContent"),
    "Skip to the content",
  );
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate("document.activeElement.id"), "main");
});

testPage("a run shows what changed, word by word, side by side", async ({ page }) => {
  await page.goto(viewer.url("write-release-notes-001"));
  const texts = page.locator("#iteration-1 .texts .text");
  assert.equal(await texts.count(), 2);
  const [before, after] = [texts.nth(0), texts.nth(1)];
  assert.match((await before.locator("figcaption").textContent())!, /Before: iteration 0/);
  assert.ok((await before.locator("del").allTextContents()).join(" ").includes("Obviously"));
  assert.ok((await after.locator("ins").allTextContents()).join(" ").includes("twelve minutes"));
  const boxes = [(await before.boundingBox())!, (await after.boundingBox())!] as const;
  assert.ok(boxes[0].x + boxes[0].width <= boxes[1].x && Math.abs(boxes[0].y - boxes[1].y) < 2);
  await page.locator("#iteration-1 summary", { hasText: "The exact prompt" }).click();
  assert.ok(await page.getByText("The draft to revise.").first().isVisible());
});

testPage("what a model wrote stays text on every page", async ({ page }) => {
  for (
    const address of [
      viewer.url("evil"),
      viewer.url(),
      `${viewer.url()}?q=onerror`,
      `${viewer.url()}?q=${encodeURIComponent(EVIL)}`,
    ]
  ) {
    await page.goto(address);
    assert.notEqual(await page.title(), "owned");
    assert.equal(await page.locator("img, textarea, script:not([src])").count(), 0);
    assert.equal(await page.locator("script").count(), 1);
  }
  assert.equal(await page.inputValue("#q"), EVIL);
  await page.goto(viewer.url("evil"));
  await page.locator("summary", { hasText: "The exact prompt" }).first().click();
  assert.ok((await page.locator("#iteration-0 .text .prose").textContent())!.includes(EVIL));
  assert.ok((await page.locator("details[open] pre").textContent())!.includes(EVIL));
});

testPage(
  "a sign that turns the direction of writing turns nothing beside what it stands in",
  async ({ page }) => {
    const turning = "judge\u202e";
    const model = defineModel(turning, () => ({ text: `Text ${turning}\nfollows.`, model: turning }));
    await new Chain({ model, prompt: turning }).withStorage(writer)
      .validateWith(defineValidator(turning, () => ({ passed: true, message: turning, score: 0.25 })))
      ._runAsync({ runId: "turning" });
    await page.goto(viewer.url("turning"));
    // Where the first and the last letter of a text are drawn.
    const endsOf = (selector: string): Promise<[number, number]> =>
      page.evaluate<[number, number]>(`(() => {
      const text = document.querySelector(${JSON.stringify(selector)}).lastChild;
      return [0, text.length - 1].map((at) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
      });
    })()`);
    for (const selector of [".verdicts .faint", "#iteration-0 .facts :last-child", ".text figcaption"]) {
      const [first, last] = await endsOf(selector);
      assert.ok(first < last, selector);
    }
    const [name, facts] = await Promise.all(
      [".verdicts strong", ".verdicts .faint"].map((selector) =>
        page.locator(selector).first().boundingBox()
      ),
    );
    assert.ok(name!.x + name!.width <= facts!.x);
    writer.runs.delete("turning");
  },
);

testPage(
  "a run that begins comes up in the list by itself, and what has the focus keeps it",
  async ({ page }) => {
    await page.goto(viewer.url());
    await page.keyboard.press("j");
    const focused = await page.evaluate("document.activeElement.href");
    const owned = writer.runs.own({ runId: "new", parts: [], facts: { prompt: "Something new." } });
    const card = page.locator(".card", { hasText: "Something new." });
    await card.waitFor();
    assert.equal(await card.locator(".badge").textContent(), "running");
    assert.equal(await page.evaluate("document.activeElement.href"), focused);
    owned.end({ status: "finished", facts: { valid: true } });
    await card.locator(".badge.good").waitFor();
    writer.runs.delete("new");
  },
);

testPage("a run that is going on fills its page by itself, and what is open stays open", async ({ page }) => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let texts = 0;
  const model = defineModel("slow", function* () {
    const index = texts++;
    yield* host(() => {}, () => gates[index]!.promise);
    return `Text ${index} of a slow pen.`;
  });
  const running = new Chain({ model, prompt: "Take your time.", maxImprovementIterations: 2 }).withStorage(
    writer,
  )
    .validateWith(defineValidator("third time", ({ iteration }) => iteration === 2))
    ._runAsync({ runId: "slow" });
  await page.goto(viewer.url("slow"));
  assert.ok(await page.getByText("No text is complete so far.").isVisible());
  assert.equal(await page.locator(".overview .badge").textContent(), "running");
  assert.equal(await page.locator(".now").textContent(), "The first text is being written and checked.");
  gates[0]!.resolve();
  await page.locator("#iteration-0").waitFor();
  assert.match((await page.locator(".now").textContent())!, /^The text of iteration 1 is/);
  const summary = page.locator("#iteration-0 summary", { hasText: "The exact prompt" });
  await summary.click();
  gates[1]!.resolve();
  await page.locator("#iteration-1").waitFor();
  assert.equal(await page.locator("#iteration-0 details[open]").count(), 1);
  assert.equal(await page.evaluate("document.activeElement.textContent"), "The exact prompt");
  gates[2]!.resolve();
  await running;
  await page.locator(".overview .badge.good").waitFor();
  assert.ok(await page.locator("#iteration-2 ins").first().isVisible());
  assert.equal(await page.locator("#announcement").textContent(), "The run is finished.");
  assert.equal(await page.locator(".now").count(), 0);
});

testWith(
  BROWSER,
  MISSING,
  "a name of another host that leads here is refused, and so is a wrong secret",
  async (chromium) => {
    const { port, pathname } = new URL(viewer.url());
    const rebound = await startBrowser(chromium, [
      "--host-resolver-rules=MAP evil.example 127.0.0.1",
      // The viewer must be safe by itself, also in browsers that do not keep pages from this machine.
      "--disable-features=LocalNetworkAccessChecks",
    ]);
    try {
      await withPage(rebound, {}, async ({ page }) => {
        const answer = await page.goto(`http://evil.example:${port}${pathname}`);
        assert.equal(answer!.status(), 403);
        assert.ok(!(await page.content()).includes("Runs"));
        const forged = await page.goto(`http://127.0.0.1:${port}/${"A".repeat(43)}/`);
        assert.equal(forged!.status(), 404);
        // A foreign page can neither read the viewer nor show it in a frame.
        await page.route(
          "http://evil.example/**",
          (route) => route.fulfill({ contentType: "text/html", body: "<p>x</p>" }),
        );
        await page.goto("http://evil.example/");
        const read = await page.evaluate(
          (url) => fetch(url).then((response) => response.text(), () => "refused"),
          viewer.url(),
        );
        assert.equal(read, "refused");
        const [refused] = await Promise.all([
          page.waitForEvent("requestfailed", (request) => request.url() === viewer.url()),
          page.setContent(`<iframe src="${viewer.url()}"></iframe>`),
        ]);
        assert.match(refused.failure()!.errorText, /BLOCKED_BY_RESPONSE/);
      });
    } finally {
      await rebound.close();
    }
  },
);

testWith(
  BROWSER,
  MISSING,
  "a page whose viewer has ended says so, and where one answers again, no more",
  () =>
    withPage(browser, {}, async ({ page }) => {
      await page.goto(viewer.url());
      await page.route("**/results*", (route) => route.abort());
      await page.fill("#q", "teapot");
      const trouble = page.locator(".trouble");
      await trouble.waitFor();
      assert.match((await trouble.textContent())!, /does not answer/);
      await page.unroute("**/results*");
      await page.fill("#q", "lemur");
      await page.locator("mark").first().waitFor();
      assert.equal(await trouble.count(), 0);
    }),
);

testWith(
  BROWSER,
  MISSING,
  "the list and the search work without scripts",
  () =>
    withPage(browser, { javaScriptEnabled: false }, async ({ page }) => {
      await page.goto(viewer.url());
      await page.fill("#q", "teapot");
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/q=teapot/);
      assert.ok(await page.locator("mark").count() > 0);
    }),
);

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function violationsOf(page: Page): Promise<string[]> {
  const { default: { source } } = await import("axe-core");
  const found = await page.evaluate(async (axe) => {
    globalThis.eval(axe);
    const { axe: loaded } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await loaded.run()).violations;
  }, source);
  return found.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]!.html}`);
}

for (const colorScheme of THEMES) {
  testWith(BROWSER, MISSING, `no page has a fault that axe finds (${colorScheme})`, () =>
    // The policy would forbid the checker to be loaded, too.
    withPage(browser, { colorScheme, bypassCSP: true }, async ({ page }) => {
      for (
        const address of [
          "",
          "?q=teapot",
          "?q=nosuchword",
          "run/write-release-notes-001",
          "run/evil",
          "charts",
          "run/none",
        ]
      ) {
        await page.goto(viewer.url() + address);
        await page.locator("details").evaluateAll((all) =>
          all.forEach((one) => one.setAttribute("open", ""))
        );
        assert.deepEqual(await violationsOf(page), [], address);
      }
    }));
}

testPage("a narrow window needs no scrolling sideways", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  for (const address of ["", "run/write-release-notes-001", "run/evil", "charts"]) {
    await page.goto(viewer.url() + address);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 360, `${address}: ${width}`);
  }
});
