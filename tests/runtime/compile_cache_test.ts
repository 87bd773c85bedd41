import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

test(
  "the program keeps what Node compiles for its next start",
  { skip: RUNTIME !== "node" },
  () =>
    inTemporaryDirectory((folder) => {
      const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));
      const { NODE_COMPILE_CACHE: _cache, NODE_DISABLE_COMPILE_CACHE: _off, ...env } = process.env;
      const { status } = spawnSync(process.execPath, [program, "--help"], {
        env: { ...env, TMPDIR: folder },
      });
      assert.equal(status, 0);
      assert.ok(existsSync(join(folder, "node-compile-cache")));
    }),
);
