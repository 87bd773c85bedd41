import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { runTour, steadyPart, TOUR_PAGE, TOUR_PERMISSIONS } from "../../scripts/tour.ts";
import { CLI } from "../helpers/run_cli.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";

test("every command of docs/tour.md prints what the page says (deno task docs:tour writes it)", {
  timeout: 120_000,
}, async () => {
  const page = readFileSync(TOUR_PAGE, "utf8");
  const now = await runTour(page, [process.execPath, ...scriptArguments(CLI, TOUR_PERMISSIONS)]);
  assert.equal(steadyPart(now), steadyPart(page));
});
