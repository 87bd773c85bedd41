/**
 * Makes models of the Vercel AI SDK from their packages and calls them. Reached by URL alone; under `runSync` it runs in the
 * I/O worker, where a call can wait while the caller's thread is blocked.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { importModule } from "../runtime/user_module.ts";
import type { AiSdkModel, AiSdkRequest, AiSdkSource } from "./ai_sdk.ts";
import { generateWith, streamWith } from "./ai_sdk_invoke.ts";
import type { CompletionChunk } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";

/** Asks for a text; see {@linkcode generateWith}. */
export async function complete(
  source: AiSdkSource,
  request: AiSdkRequest,
  context: RemoteContext,
): Promise<Generation> {
  return await generateWith(await makeModel(source), request, context);
}

/** Asks for a text piece by piece; see {@linkcode streamWith}. */
export async function* streamCompletion(
  source: AiSdkSource,
  request: AiSdkRequest,
  context: RemoteContext,
): AsyncGenerator<CompletionChunk, void, undefined> {
  yield* streamWith(await makeModel(source), request, context);
}

async function makeModel({ module, factory, settings, model, method }: AiSdkSource): Promise<AiSdkModel> {
  const exported = (await importPackage(module))[factory];
  if (typeof exported !== "function") throw refuse(`${module} exports no function ${factory}`);
  const provider = exported({ ...settings }) as Record<string, unknown>;
  const make = method === undefined ? provider : provider?.[method];
  if (typeof make !== "function") {
    throw refuse(`what ${factory} returns has no function ${method ?? "to call"}`);
  }
  return make.call(provider, model) as AiSdkModel;
}

async function importPackage(module: string): Promise<Record<string, unknown>> {
  try {
    return await importModule(module);
  } catch (error) {
    throw refuse(`${module} could not be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

function refuse(reason: string): ConfigurationError {
  return new ConfigurationError(`Cannot make a model of the AI SDK as ${reason}`, {
    code: "invalid_model",
    suggestions: ['Give the package\'s address, as in `module: import.meta.resolve("@ai-sdk/openai")`.'],
  });
}
