/** What the overhead is measured on, for Deno's bench and for the ratios on every runtime. */
import { Chain, defineModel, defineValidator, type Thought } from "../mod.ts";

/** How many instant validators. */
export const COUNTS = [1, 5, 20, 100];

const TEXT = "A text that is fine as it is.";

/** What a careful person writes by hand: the text, each verdict under its name, and whether all passed. */
interface ByHand {
  text: string;
  results: { validator: string; passed: boolean; message: string }[];
  valid: boolean;
}

/** Three ways to the same verdicts. */
export function overheadCandidates(count: number): {
  byHand: () => Promise<ByHand>;
  run: () => Thought;
  runAsync: () => Promise<Thought>;
} {
  const checks = Array.from({ length: count }, (_, index) => async (text: string) => {
    const passed = text.length > index % 10;
    return await { validator: `check ${index}`, passed, message: passed ? "long enough" : "too short" };
  });
  const generate = async (): Promise<string> => await TEXT;
  const chain = new Chain({
    model: defineModel("still", () => TEXT),
    prompt: "Write.",
    validators: Array.from(
      { length: count },
      (_, index) =>
        defineValidator(`check ${index}`, (thought) => {
          const passed = thought.text!.length > index % 10;
          return { passed, message: passed ? "long enough" : "too short" };
        }),
    ),
  });
  return {
    byHand: async () => {
      const text = await generate();
      const results = await Promise.all(checks.map((check) => check(text)));
      return { text, results, valid: results.every(({ passed }) => passed) };
    },
    run: () => chain.run(),
    runAsync: () => chain._runAsync(),
  };
}
