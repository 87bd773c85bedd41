/**
 * The basic use of Sifaka: synchronous from the first line to the last, concurrent inside.
 *
 *     deno run examples/usage.ts · bun examples/usage.ts · node examples/usage.ts
 */
import { Chain } from "@sifaka/sifaka";
import { ReflexionCritic } from "@sifaka/sifaka/critics";
import { MockModel } from "@sifaka/sifaka/models";
import { LengthValidator } from "@sifaka/sifaka/validators";

// Stands in for createModel("openai:gpt-6.1-terra"): a first story, a reflection on it, and a second story.
const model = new MockModel({
  responses: [
    "The machine woke up.",
    JSON.stringify({
      diagnosis: "The story ends before anything happens.",
      rootCause: "It was cut to one sentence.",
      plan: ["Say what the machine wants.", "Let something stand in its way."],
      avoid: [],
    }),
    "The machine woke up and wanted to see the sea. Its cable was four metres long. It began to save electricity.",
  ],
});

const chain = new Chain({ model, prompt: "Write a story about AI", maxImprovementIterations: 2 });
chain.validateWith(new LengthValidator({ minLength: 50, maxLength: 500 }));
chain.improveWith(new ReflexionCritic({ model }));

const result = chain.run();

console.log(result.text);
console.log(
  `valid: ${result.valid}, iterations: ${result.iteration + 1}, model calls: ${result.usage.modelCalls}`,
);
