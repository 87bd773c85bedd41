/**
 * A model, a validator, a critic and a retriever of one's own: each is a function, and what waits stays concurrent in run().
 *
 *     deno run examples/own_components.ts · bun examples/own_components.ts · node examples/own_components.ts
 */
import { Chain, defineCritic, defineModel, defineRetriever, defineValidator, sleep } from "@sifaka/sifaka";

const facts = defineRetriever("facts", function* () {
  yield* sleep(20); // a search, say
  return ["Sifakas live in Madagascar."];
});

const drafts = ["Sifakas are lemurs!", "Sifakas are lemurs of Madagascar."];
let asked = 0;
const model = defineModel("drafts", () => drafts[Math.min(asked++, drafts.length - 1)]!);

const calm = defineValidator(
  "calm",
  ({ text }) => text!.includes("!") ? ["There is an exclamation mark."] : [],
);

const complete = defineCritic("complete", (thought) => ({
  issues: thought.text!.includes("Madagascar") ? [] : ["The text does not say where sifakas live."],
}));

const slow = ["spelling", "grammar", "tone"].map((name) =>
  defineValidator(name, function* () {
    yield* sleep(100); // a slow service, say
    return true;
  })
);

const chain = new Chain({
  model,
  prompt: "Introduce sifakas in one sentence.",
  validators: [calm, ...slow],
  critics: [complete],
  modelRetrievers: [facts],
});

const { thought, iterations, performance } = chain.runDetailed();
for (const { iteration, text, validationResults, criticFeedback } of iterations) {
  console.log(`${iteration}: ${text}`);
  for (const { message, issues } of Object.values(validationResults).filter(({ passed }) => !passed)) {
    console.log(`   failed: ${issues.join(" ") || message}`);
  }
  for (const { text } of criticFeedback.flatMap(({ issues }) => issues)) console.log(`   asked: ${text}`);
}
console.log(`valid: ${thought.valid}`);
// Three services of 100 ms, asked twice: about 200 ms of validation, not 600.
console.error(`validation took ${Math.round(performance.byStep.validation)} ms`);
