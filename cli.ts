/**
 * The command line of Sifaka: `deno run cli.ts --help`, `bun cli.ts --help`, `node cli.ts --help`.
 *
 * @module
 */

import process from "node:process";
import { main } from "./src/cli/main.ts";
import { openTerminal } from "./src/runtime/terminal.ts";

if (import.meta.main) {
  // A socket that a provider's SDK keeps open must not hold the program up, so it is ended and not left to end.
  process.exit(await main(openTerminal(), { endNow: (status) => process.exit(status) }));
}
