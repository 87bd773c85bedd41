/** What the browser runs: bundled by browser_test.ts, it posts what came of it to the server that the page is from. */
import { Chain, defineModel, defineValidator, sleep } from "../../mod.ts";
import { createModel } from "../../src/models/mod.ts";
import { LengthValidator, RegexValidator } from "../../src/validators/mod.ts";

/** What the page tells. */
export interface BrowserReport {
  /** What `_runAsync()` gave. */
  asynchronous: {
    text: string | undefined;
    valid: boolean | undefined;
    iteration: number;
    validators: string[];
  };
  /** What `run()` gave where nothing has to be waited for. */
  synchronous: string | undefined;
  /** What `run()` threw where something remote is called. */
  refusal: { name: string; message: string };
}

const ANSWERS = ["Lemurs leap.", "Sifakas are lemurs that leap sideways across open ground."];

function chainOf(pauseMs: number): Chain {
  const model = defineModel("operation", function* () {
    if (pauseMs > 0) yield* sleep(pauseMs);
    return ANSWERS[Math.min(calls++, 1)]!;
  });
  let calls = 0;
  const chain = new Chain({ model, prompt: "Introduce sifakas.", maxImprovementIterations: 2 });
  chain.validateWith(new LengthValidator({ minWords: 5 }));
  chain.validateWith(new RegexValidator({ required: ["(?:leap|jump)\\w*"] }));
  return chain.validateWith(defineValidator("own", function* ({ text }) {
    if (pauseMs > 0) yield* sleep(pauseMs);
    return text!.endsWith(".");
  }));
}

function refusalOf(run: () => unknown): BrowserReport["refusal"] {
  try {
    run();
    return { name: "", message: "nothing was thrown" };
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
}

async function report(): Promise<BrowserReport> {
  const thought = await chainOf(5)._runAsync();
  const remote = createModel("openai-compatible:m", { baseUrl: `${location.origin}/v1` });
  return {
    asynchronous: {
      text: thought.text,
      valid: thought.valid,
      iteration: thought.iteration,
      validators: Object.keys(thought.validationResults ?? {}),
    },
    synchronous: chainOf(0).run().text,
    refusal: refusalOf(() => new Chain({ model: remote, prompt: "Introduce sifakas." }).run()),
  };
}

report().then(
  (body) => fetch("/report", { method: "POST", body: JSON.stringify(body) }),
  (error) =>
    fetch("/report", { method: "POST", body: JSON.stringify({ failed: String(error?.stack ?? error) }) }),
);
