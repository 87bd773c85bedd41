/**
 * The model of a configuration: `openai:gpt-6.1-terra`, or a map with a provider, a name and options.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { cached, CACHED_MODEL_OPTIONS, type CachedModelOptions } from "../models/cached_model.ts";
import { createModel } from "../models/create_model.ts";
import { EDITOR_OPTIONS } from "../models/editor_model.ts";
import { MOCK_MODEL_OPTIONS } from "../models/mock_model.ts";
import type { Model } from "../models/model.ts";
import { OPENAI_COMPATIBLE_OPTIONS } from "../models/openai_compatible_options.ts";
import { PROVIDERS } from "../models/providers.ts";
import type { OptionSchema, OptionSchemas } from "../options.ts";
import type { Storage } from "../storage/storage.ts";
import { STORAGE_OPTION } from "./component.ts";
import type { Path } from "./places.ts";

const { model: _, ...PROVIDER_OPTIONS } = OPENAI_COMPATIBLE_OPTIONS;

/** Where a model's answers are kept: a storage, or a map with one and what `cached` takes. */
const CACHE_OPTION: OptionSchema = {
  description: "Keeps its answers, so that the same call is paid for once. A storage, or a map with one.",
  anyOf: [
    STORAGE_OPTION,
    {
      type: "object",
      properties: { ...CACHED_MODEL_OPTIONS, storage: STORAGE_OPTION },
      required: ["storage"],
    },
  ],
};

/** The options of a model's map: those of all providers. Which of them one provider takes, its model checks itself. */
export const MODEL_SETTINGS: OptionSchemas = {
  ...EDITOR_OPTIONS,
  ...MOCK_MODEL_OPTIONS,
  ...PROVIDER_OPTIONS,
  provider: { description: "The provider.", enum: [...Object.keys(PROVIDERS), "editor", "mock"] },
  name: { description: "The model's name; on Azure, the deployment's.", type: "string", minLength: 1 },
  cache: CACHE_OPTION,
};

/** The providers that are one model each and need no name. */
const NAMELESS: readonly string[] = ["editor", "mock"];

/**
 * Makes the model that a configuration describes.
 *
 * @param settings A spec or a map, checked by the schema.
 * @param openStorage Opens the storage of its cache, where it has one.
 * @returns The model.
 * @throws {ConfigurationError} When its provider is unknown, its key is missing, or an option is wrong.
 */
export function makeModel(settings: JsonValue, openStorage: (spec: string, path: Path) => Storage): Model {
  if (typeof settings === "string") return createModel(settings);
  const { provider, name, cache, ...options } = settings as Readonly<Record<string, JsonValue>>;
  const spec = NAMELESS.includes(String(provider)) && name === undefined
    ? String(provider)
    : `${provider}:${name ?? ""}`;
  const model = createModel(spec, options);
  if (cache === undefined) return model;
  if (typeof cache === "string") return cached(model, openStorage(cache, ["cache"]));
  const { storage, ...how } = cache as unknown as { readonly storage: string } & CachedModelOptions;
  return cached(model, openStorage(storage, ["cache", "storage"]), how);
}
