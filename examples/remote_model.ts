/**
 * A model behind HTTP, in a synchronous program: any server that speaks OpenAI's protocol.
 *
 *     deno run --allow-read --allow-net=HOST --allow-env=OPENAI_API_KEY,SIFAKA_BASE_URL,SIFAKA_MODEL examples/remote_model.ts
 *
 * SIFAKA_BASE_URL names the server (a local one such as http://127.0.0.1:8080/v1, say), SIFAKA_MODEL the model.
 */
import { Chain } from "@sifaka/sifaka";
import { createModel } from "@sifaka/sifaka/models";
import { LengthValidator } from "@sifaka/sifaka/validators";
import process from "node:process";

const model = createModel(`openai-compatible:${process.env.SIFAKA_MODEL ?? "default"}`, {
  baseUrl: process.env.SIFAKA_BASE_URL,
});

const chain = new Chain({ model, prompt: "Write a story about AI", maxImprovementIterations: 2 });
chain.validateWith(new LengthValidator({ minWords: 3 }));

console.log(chain.run().text);
