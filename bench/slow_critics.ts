/** Three critics that each make one call of 200 ms over HTTP, for the ratios. */
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Chain, defineModel } from "../mod.ts";
import { ConstitutionalCritic, SelfRefineCritic } from "../src/critics/mod.ts";
import { createModel } from "../src/models/mod.ts";

/** A chain whose critics wait for a server, and how to end that. */
export interface SlowCritics {
  /** The chain: an instant text, three critics. */
  readonly chain: Chain;
  /** Ends the server. */
  close(): void;
}

/** Starts the server and makes the chain. */
export async function slowCritics(): Promise<SlowCritics> {
  const script = fileURLToPath(new URL("./slow_server.mjs", import.meta.url));
  const flags = "Deno" in globalThis ? ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"] : [];
  const server = spawn(process.execPath, [...flags, script], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve) =>
    server.stdout.once("data", (line) => resolve(String(line).trim()))
  );
  const model = createModel("openai-compatible:slow", {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey: "none",
  });
  const chain = new Chain({
    model: defineModel("still", () => "A text that is fine as it is."),
    prompt: "Write.",
    alwaysApplyCritics: true,
    maxImprovementIterations: 0,
    critics: [
      new SelfRefineCritic({ model, name: "one" }),
      new SelfRefineCritic({ model, name: "two" }),
      new ConstitutionalCritic({ model, mode: "batched", principles: ["Be concrete."] }),
    ],
  });
  return { chain, close: () => void server.kill() };
}
