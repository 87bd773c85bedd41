/** The remote functions of the scenarios, for drivers that really call them. The last argument is the driver's own. */
import { answerTo, piecesOf } from "./answers.ts";

export function generate(...args: unknown[]): Promise<unknown> {
  return answer("generate", args);
}

export function validate(...args: unknown[]): Promise<unknown> {
  return answer("validate", args);
}

export function critique(...args: unknown[]): Promise<unknown> {
  return answer("critique", args);
}

export function retrieve(...args: unknown[]): Promise<unknown> {
  return answer("retrieve", args);
}

export function load(...args: unknown[]): Promise<unknown> {
  return answer("load", args);
}

export function save(...args: unknown[]): Promise<unknown> {
  return answer("save", args);
}

export function ask(...args: unknown[]): Promise<unknown> {
  return answer("ask", args);
}

export async function* pieces(...args: unknown[]): AsyncGenerator<number> {
  yield* piecesOf(args.slice(0, -1));
}

function answer(name: string, args: readonly unknown[]): Promise<unknown> {
  return Promise.resolve(answerTo(name, args.slice(0, -1)));
}
