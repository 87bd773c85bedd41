/**
 * The command line of Sifaka: `deno run cli.ts --help`, `bun cli.ts --help`, `node cli.ts --help`.
 *
 * @module
 */

import { VERSION } from "./src/cli/version.ts";
import { packageModule } from "./src/operation/package_module.ts";
import { keepCompiledCode } from "./src/runtime/compile_cache.ts";

/** What of the process is used here; what Deno gives under the name `process` takes it as long to load as the rest of a start. */
interface Ambient {
  readonly Deno?: { readonly args: readonly string[] };
  readonly process: { readonly argv: readonly string[]; exit(status: number): never };
}

const ambient = globalThis as unknown as Ambient;

/** The one question that is answered before the program is loaded, which takes longer than the answer. */
function asksForVersion([first, ...rest]: readonly string[]): boolean {
  return rest.length === 0 && (first === "--version" || first === "-V");
}

async function run(): Promise<number> {
  keepCompiledCode();
  // By its address, as Deno loads what stands in an import beforehand.
  const { main, openTerminal }: typeof import("./src/cli/main.ts") = await import(packageModule("cli/main"));
  return await main(openTerminal(), { endNow: (status) => ambient.process.exit(status) });
}

if (import.meta.main) {
  if (asksForVersion(ambient.Deno?.args ?? ambient.process.argv.slice(2))) console.log(VERSION);
  // A socket that a provider's SDK keeps open must not hold the program up, so it is ended and not left to end.
  else ambient.process.exit(await run());
}
