/** The whole catalogue is reachable from a configuration, or there is a reason why a part of it is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentEntries } from "../../src/config/component.ts";
import { makeComponents } from "../../src/config/make_components.ts";
import { configSchema, parseConfig } from "../../src/config/mod.ts";
import { makeModel } from "../../src/config/model_settings.ts";
import { CODE_ONLY, CRITICS, RETRIEVERS, VALIDATORS } from "../../src/config/registry.ts";
import { parseStorageSpec } from "../../src/config/store_location.ts";
import { createStore } from "../../src/config/store.ts";
import * as classifiers from "../../src/classifiers/mod.ts";
import * as critics from "../../src/critics/mod.ts";
import { runSync } from "../../src/drivers/sync.ts";
import * as models from "../../src/models/mod.ts";
import * as retrievers from "../../src/retrievers/mod.ts";
import * as storage from "../../src/storage/mod.ts";
import * as validators from "../../src/validators/mod.ts";
import {
  ENTRY_POINTS,
  type EntryPoint,
  IN_CODE_ALONE,
  NO_COMPONENTS,
  REACHED,
} from "../helpers/catalogue.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const EXPORTS: Readonly<Record<EntryPoint, object>> = {
  models,
  validators,
  classifiers,
  critics,
  retrievers,
  storage,
};
const REGISTRIES = { validators: VALIDATORS, critics: CRITICS, retrievers: RETRIEVERS } as const;

for (const entryPoint of ENTRY_POINTS) {
  test(`each export of ${entryPoint} is reached by a configuration, or has its reason`, () => {
    const functions = Object.entries(EXPORTS[entryPoint]).filter(([, value]) => typeof value === "function")
      .map(([name]) => name).filter((name) => !NO_COMPONENTS.has(name));
    const listed = [...Object.keys(REACHED[entryPoint]), ...Object.keys(IN_CODE_ALONE[entryPoint])];
    assert.deepEqual(listed.sort(), functions.sort());
  });
}

test("each name of a registry is the name of one component", () => {
  for (const [entryPoint, entries] of Object.entries(REGISTRIES)) {
    const names = Object.values(REACHED[entryPoint as EntryPoint]).map(({ yaml }) => yaml).filter((name) =>
      name !== "module"
    );
    assert.deepEqual(names.sort(), Object.keys(entries).sort(), entryPoint);
  }
  assert.deepEqual(Object.keys(CODE_ONLY).filter((name) => Object.hasOwn(RETRIEVERS, name)), []);
});

/** Makes what one item of a configuration describes. */
function make(entryPoint: EntryPoint, item: string): { readonly name?: string } {
  const open = (spec: string): storage.Storage => createStore(parseStorageSpec(spec));
  if (entryPoint === "storage") return open(item);
  if (entryPoint === "models") return makeModel(parseConfig(`model: ${item}`).settings.model!, open);
  const isRetriever = entryPoint === "retrievers";
  const { settings } = parseConfig(
    isRetriever ? `retrievers: { model: [${item}] }` : `${entryPoint}: [${item}]`,
  );
  const items = isRetriever ? settings.retrievers!.model! : settings[entryPoint as "validators" | "critics"]!;
  const [made] = runSync(makeComponents<{ readonly name: string }>(items, [], {
    entryOf: (name) =>
      (REGISTRIES[entryPoint as "validators"] as ComponentEntries<{ readonly name: string }>)[name]!,
    contextOf: () => ({ folder: ".", model: () => new models.MockModel() }),
    openStorage: open,
    placed: (_, use) => use(),
    load: () => assert.fail("no code is loaded"),
  }));
  return made!;
}

for (const entryPoint of ENTRY_POINTS) {
  for (const [name, { yaml, item = yaml, made = name }] of Object.entries(REACHED[entryPoint])) {
    if (yaml === "module") continue;
    test(`${yaml} in a configuration makes what ${name} makes`, () =>
      inTemporaryDirectory((directory) => {
        const component = make(
          entryPoint,
          item.replace("file:", `file:${directory}/`).replace("sqlite:", `sqlite:${directory}/`),
        );
        assert.ok([component.constructor.name, component.name].includes(made), component.constructor.name);
      }));
  }
}

test("the schema has each name, with the options of its component", () => {
  const { definitions } = configSchema() as {
    definitions: Record<string, { anyOf: [{ enum: string[] }, { properties: object }] }>;
  };
  for (const [entryPoint, entries] of Object.entries(REGISTRIES)) {
    const [names, maps] = definitions[entryPoint.slice(0, -1)]!.anyOf;
    assert.deepEqual(names.enum, Object.keys(entries));
    assert.deepEqual(Object.keys(maps.properties), [...Object.keys(entries), "module"]);
  }
  assert.match(JSON.stringify(configSchema().properties), /"cache":\{/);
});
