import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CLI_PAGE, cliPage } from "../../scripts/cli_page.ts";

test("docs/cli.md says what the commands say of themselves (deno task docs:cli writes it)", () => {
  assert.equal(readFileSync(CLI_PAGE, "utf8"), cliPage());
});

test("every command's help describes it and gives examples", () => {
  const sections = cliPage().split(/^## /m).slice(1);
  assert.ok(sections.length >= 16);
  for (const section of sections) {
    const name = section.slice(0, section.indexOf("\n"));
    assert.match(section, new RegExp(`Usage: ${name} .*\n\n[A-Z]`), name);
    assert.match(section, /^Examples:\n {2}.*sifaka /m, name);
  }
});
