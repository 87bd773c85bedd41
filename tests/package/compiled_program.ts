/** A program of a user's own that is compiled into one binary: it waits for a remote model without `await`. */
import process from "node:process";
import { Chain } from "../../mod.ts";
import { createModel } from "../../src/models/mod.ts";

const model = createModel("openai-compatible:m", { baseUrl: process.argv[2]! });
const thought = new Chain({ model, prompt: "Describe the sifaka." }).run();
console.log(thought.text);

try {
  new Chain({ model: createModel("openai-compatible:m", { baseUrl: process.argv[3]! }), prompt: "Describe." })
    .run();
} catch (error) {
  const { name, status, requestId } = (error as Error).cause as Error & {
    status?: number;
    requestId?: string;
  };
  console.log(name, status, requestId);
}
