/**
 * What a model of the Vercel AI SDK looks like, as far as Sifaka uses it. Types only: nothing of that SDK is imported.
 *
 * @module
 */

/**
 * A language model of the Vercel AI SDK, of the versions 2, 3 and 4 of its specification. What its methods take and give differs
 * from one to the other, so no type is demanded of it here.
 */
export interface AiSdkModel {
  /** The version of the specification, for example `"v3"`. */
  readonly specificationVersion: string;
  /** Its provider, for example `"openai.responses"`. */
  readonly provider: string;
  /** Its name. */
  readonly modelId: string;
  /** Generates a text. */
  doGenerate(options: never): PromiseLike<unknown>;
  /** Generates a text piece by piece. */
  doStream(options: never): PromiseLike<unknown>;
}

/** How a model of the Vercel AI SDK is made from its package; unlike a model, this crosses to another thread. */
export interface AiSdkSource {
  /** The package's address: `import.meta.resolve("@ai-sdk/openai")`. */
  readonly module: string;
  /** The function of the package that makes a provider, for example `"createOpenAI"`. */
  readonly factory: string;
  /** What that function is called with, for example `{ apiKey, baseURL }`; JSON values. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The model's name. */
  readonly model: string;
  /** The provider's method that makes the model, for example `"chat"`. @default the provider itself is called */
  readonly method?: string;
}

/** A call, in the SDK's words; it crosses to another thread. */
export interface AiSdkRequest {
  /** The call's options, without a signal. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Texts that no error may show. */
  readonly secrets: readonly string[];
}

/** What a model of any version of the specification answers, as far as it is read. */
export interface AiSdkAnswer {
  /** The parts. */
  readonly content?: readonly { readonly type?: string; readonly text?: unknown }[];
  /** Why it ended: a word, or from version 3 on an object. */
  readonly finishReason?: string | { readonly unified?: string; readonly raw?: string };
  /** What it consumed. */
  readonly usage?: AiSdkUsage;
  /** What the model did not do as it was asked. */
  readonly warnings?: readonly AiSdkWarning[];
  /** The provider's own answer. */
  readonly response?: { readonly modelId?: string; readonly body?: unknown };
}

/** What a call consumed: numbers, or from version 3 on objects. */
export interface AiSdkUsage {
  /** Tokens sent. */
  readonly inputTokens?: number | {
    readonly total?: number;
    readonly cacheRead?: number;
    readonly cacheWrite?: number;
  };
  /** Tokens received. */
  readonly outputTokens?: number | { readonly total?: number };
  /** Of those sent, the ones that were found in the provider's cache; in version 2. */
  readonly cachedInputTokens?: number;
}

/** Something that the model did not do as it was asked. */
export interface AiSdkWarning {
  /** `"unsupported"`, in version 2 `"unsupported-setting"`, and others. */
  readonly type?: string;
  /** What is not supported. */
  readonly feature?: string;
  /** What is not supported, in version 2. */
  readonly setting?: string;
}

/** A part of a stream, as far as it is read. */
export interface AiSdkPart extends Pick<AiSdkAnswer, "finishReason" | "usage" | "warnings"> {
  /** What it is. */
  readonly type?: string;
  /** A piece of the text. */
  readonly delta?: unknown;
  /** The model that answers. */
  readonly modelId?: string;
  /** What went wrong. */
  readonly error?: unknown;
}
