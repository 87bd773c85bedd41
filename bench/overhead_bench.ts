/**
 * What a chain costs beside its validators: a whole run, its thought included, against a `Promise.all` written by hand that
 * asks the same model and the same checks and keeps their results. Run it with `deno task bench`.
 */
import { COUNTS, overheadCandidates } from "./overhead.ts";

for (const count of COUNTS) {
  const { byHand, run, runAsync } = overheadCandidates(count);
  const group = `${count} instant ${count === 1 ? "validator" : "validators"}`;
  Deno.bench({ name: "Promise.all by hand", group, baseline: true }, async () => {
    await byHand();
  });
  Deno.bench({ name: "chain.run()", group }, () => {
    run();
  });
  Deno.bench({ name: "chain._runAsync()", group }, async () => {
    await runAsync();
  });
}
