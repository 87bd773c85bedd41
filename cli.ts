/**
 * The command line of Sifaka: `deno run cli.ts --help`, `bun cli.ts --help`, `node cli.ts --help`.
 *
 * @module
 */

import process from "node:process";
import { VERSION } from "./src/cli/version.ts";

/** The one question that is answered before the program is loaded, which takes longer than the answer. */
function asksForVersion([first, ...rest]: readonly string[]): boolean {
  return rest.length === 0 && (first === "--version" || first === "-V");
}

async function run(): Promise<number> {
  const { main } = await import("./src/cli/main.ts");
  const { openTerminal } = await import("./src/runtime/terminal.ts");
  return await main(openTerminal(), { endNow: (status) => process.exit(status) });
}

if (import.meta.main) {
  if (asksForVersion(process.argv.slice(2))) console.log(VERSION);
  // A socket that a provider's SDK keeps open must not hold the program up, so it is ended and not left to end.
  else process.exit(await run());
}
