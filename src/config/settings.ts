/**
 * A configuration as data, once it has been checked.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { Variables } from "./variables.ts";

/** What a configuration says, checked by its schema, with environment variables put in. */
export interface ConfigSettings {
  /** Writes the texts: `provider:name`, or a map. */
  readonly model?: JsonValue;
  /** What the model is told it is. */
  readonly systemPrompt?: string;
  /** The task. */
  readonly prompt?: string;
  /** Values for `{{name}}`. */
  readonly variables?: Variables;
  /** A file that holds a text to improve. */
  readonly input?: string;
  /** Find documents. */
  readonly retrievers?: {
    /** For the model. */
    readonly model?: readonly JsonValue[];
    /** For the critics. */
    readonly critic?: readonly JsonValue[];
  };
  /** Check every text. */
  readonly validators?: readonly JsonValue[];
  /** Say how to improve a text. */
  readonly critics?: readonly JsonValue[];
  /** How the chain runs. */
  readonly options?: Readonly<Record<string, JsonValue>>;
  /** Where runs are kept. */
  readonly storage?: string;
}
