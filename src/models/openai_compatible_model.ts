/**
 * Models behind every endpoint that speaks OpenAI's protocol.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, optionError } from "../options.ts";
import { readEnvironment } from "../runtime/env.ts";
import { type Dialect, EndpointModel } from "./endpoint_model.ts";
import { OPENAI_COMPATIBLE_OPTIONS, type OpenAiCompatibleOptions } from "./openai_compatible_options.ts";
import { PROVIDERS } from "./providers.ts";
import { requestBody } from "./request_body.ts";

/**
 * A model behind an OpenAI-compatible endpoint. Nothing is sent, and OpenAI's SDK is not loaded, before the first call.
 *
 * @example
 * ```ts
 * import { OpenAiCompatibleModel } from "@sifaka/sifaka/models";
 *
 * const model = new OpenAiCompatibleModel({ provider: "ollama", model: "llama3", temperature: 0.2 });
 * console.log(model.provider, model.name); // "ollama" "llama3"; model.generate("Name a lemur.") would ask it
 * ```
 */
export class OpenAiCompatibleModel extends EndpointModel {
  /**
   * Makes a model and finds its key; sends nothing.
   *
   * @param options Which model, and how it is reached.
   * @throws {ConfigurationError} When an option is unknown or wrong, or a key that is needed is missing.
   */
  constructor(options: OpenAiCompatibleOptions) {
    const checked = check(options);
    super(checked, dialectOf(checked));
  }
}

function dialectOf(options: OpenAiCompatibleOptions): Dialect {
  const { api = "chat", apiVersion, inferenceProvider } = options;
  const info = PROVIDERS[options.provider]!;
  const isOpenAi = info.id === "openai";
  const model = options.model.trim() + (inferenceProvider === undefined ? "" : `:${inferenceProvider}`);
  return {
    calls: "models/openai_calls",
    info,
    model,
    api,
    request: {
      query: apiVersion === undefined ? {} : { "api-version": apiVersion },
      organization: options.organization ??
        (isOpenAi ? firstSet(["OPENAI_ORGANIZATION", "OPENAI_ORG_ID"]) : undefined),
      project: options.project ?? (isOpenAi ? firstSet(["OPENAI_PROJECT"]) : undefined),
    },
    address: (baseUrl) => apiVersion === undefined ? baseUrl : deploymentUrl(baseUrl, model),
    body: (call, streamed) => ({
      ...(streamed && info.asksForStreamUsage ? { stream_options: { include_usage: true } } : {}),
      ...requestBody({ ...call, api }),
    }),
  };
}

/** Azure's older endpoints have an address for each deployment; one that is given as a whole is kept. */
function deploymentUrl(baseUrl: string, deployment: string): string {
  return /\/openai\/v1$/.test(baseUrl)
    ? baseUrl.replace(/\/v1$/, `/deployments/${encodeURIComponent(deployment)}`)
    : baseUrl;
}

const LOCAL_ONLY = ["useInferenceApi", "device", "quantization"];

function check(options: OpenAiCompatibleOptions): OpenAiCompatibleOptions {
  const component = "OpenAiCompatibleModel";
  const local = LOCAL_ONLY.filter((name) => Object.hasOwn(options ?? {}, name));
  if (local.length > 0) {
    throw new ConfigurationError(
      `Cannot create ${component} as Sifaka does not run models itself: ${local.join(", ")}`,
      {
        code: "local_model",
        suggestions: [
          "Run the model with Ollama, or any server that speaks OpenAI's protocol, and name that.",
        ],
      },
    );
  }
  const checked = checkOptions(component, options, OPENAI_COMPATIBLE_OPTIONS);
  const missing = (["provider", "model"] as const).filter((name) => checked[name] === undefined);
  if (missing.length > 0) {
    throw optionError(component, missing.map((name) => ({ path: [name], message: `${name} is required` })));
  }
  const only: readonly [keyof OpenAiCompatibleOptions, string][] = [
    ["apiVersion", "azure"],
    ["inferenceProvider", "huggingface"],
  ];
  const misplaced = only.filter(([name, provider]) =>
    checked[name] !== undefined && checked.provider !== provider
  );
  if (misplaced.length > 0) {
    throw optionError(
      component,
      misplaced.map(([name, provider]) => ({
        path: [name],
        message: `${name} is only for the provider ${provider}: provider is ${checked.provider}`,
      })),
    );
  }
  return checked;
}

function firstSet(variables: readonly string[]): string | undefined {
  for (const variable of variables) {
    const read = readEnvironment(variable);
    if (read.state === "set" && read.value.trim() !== "") return read.value.trim();
  }
  return undefined;
}
