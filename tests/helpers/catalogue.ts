/** Every component that the entry points export: how a configuration reaches it, or why it does not. */

/** The entry points whose components are listed. */
export const ENTRY_POINTS = [
  "models",
  "validators",
  "classifiers",
  "critics",
  "retrievers",
  "storage",
] as const;

/** One of them. */
export type EntryPoint = typeof ENTRY_POINTS[number];

/** What makes a component in a configuration: the name it goes by, and what else it must be told. */
export interface Reached {
  /** Its name in the configuration. */
  readonly yaml: string;
  /** The whole item, in YAML. @default the name alone */
  readonly item?: string;
  /** What the component that is made is called: its class, or its own name where a function makes it. @default the export */
  readonly made?: string;
}

const of = (yaml: string, item?: string, made?: string): Reached => ({ yaml, item, made });

/** Components by entry point and export. */
export const REACHED: Readonly<Record<EntryPoint, Readonly<Record<string, Reached>>>> = {
  models: {
    OpenAiCompatibleModel: of("ollama", "{ provider: ollama, name: m }"),
    AnthropicModel: of("anthropic", "{ provider: anthropic, name: m, apiKey: test }"),
    EditorModel: of("editor"),
    MockModel: of("mock"),
    cached: of("cache", "{ provider: mock, cache: memory }", "CachedModel"),
  },
  validators: {
    LengthValidator: of("length", "{ length: { maxWords: 9 } }"),
    RegexValidator: of("regex", "{ regex: { required: [a] } }"),
    ContentValidator: of("content", "{ content: { required: [a] } }"),
    FormatValidator: of("format", "{ format: { format: json } }"),
    NumericRangeValidator: of("numeric_range", "{ numeric_range: { min: 1 } }"),
    ReadabilityValidator: of("readability"),
    ProseValidator: of("prose"),
    GuardrailsValidator: of("guardrails", "{ guardrails: { checks: [secrets] } }"),
    createSentimentValidator: of(
      "sentiment",
      "{ sentiment: { forbidden: [negative] } }",
      "SentimentValidator",
    ),
    createLanguageValidator: of("language", "{ language: { languages: [en] } }", "LanguageValidator"),
    createProfanityValidator: of("profanity", undefined, "ProfanityValidator"),
    createToxicityValidator: of("toxicity", undefined, "ToxicityValidator"),
    createSpamValidator: of("spam", undefined, "SpamValidator"),
    createBiasValidator: of("bias", undefined, "BiasValidator"),
    createLlmValidator: of(
      "classifier",
      "{ classifier: { labels: [a, b], validLabels: [a] } }",
      "LlmValidator",
    ),
    allOf: of("all_of", "{ all_of: { validators: [prose], name: allOf } }"),
    anyOf: of("any_of", "{ any_of: { validators: [prose], name: anyOf } }"),
    not: of("not", "{ not: { validator: prose, name: not } }"),
    defineValidator: of("module"),
  },
  classifiers: {},
  critics: {
    PromptCritic: of("prompt"),
    ReflexionCritic: of("reflexion"),
    SelfRefineCritic: of("self_refine"),
    ConstitutionalCritic: of("constitutional"),
    SelfRAGCritic: of("self_rag"),
    NCriticsCritic: of("n_critics"),
    MetaRewardingCritic: of("meta_rewarding"),
    SelfConsistencyCritic: of("self_consistency"),
    SelfTaughtEvaluatorCritic: of("self_taught_evaluator"),
    Agent4DebateCritic: of("agent4debate"),
    StyleCritic: of("style", "{ style: { styleDescription: plain } }"),
    defineCritic: of("module"),
  },
  retrievers: {
    InMemoryRetriever: of("in_memory"),
    FileRetriever: of("files", "{ files: { paths: [docs] } }"),
    StorageRetriever: of("storage", "{ storage: { storage: memory } }"),
    RedisRetriever: of("redis"),
    CachedRetriever: of("cached", "{ cached: { retriever: mock } }"),
    HybridRetriever: of("hybrid", "{ hybrid: { retrievers: [mock] } }"),
    MockRetriever: of("mock"),
    defineRetriever: of("module"),
  },
  storage: {
    MemoryStorage: of("memory"),
    SqliteStorage: of("sqlite", "sqlite:a.db"),
    FileStorage: of("file", "file:kept"),
    RedisStorage: of("redis"),
    CachedStorage: of("+", "memory+file:kept"),
  },
};

/** Exports that no configuration names, with the reason. */
export const IN_CODE_ALONE: Readonly<Record<EntryPoint, Readonly<Record<string, string>>>> = {
  models: {
    fromAiSdk: "takes an object of another library",
    defineModel: "takes a function",
    ModelRegistry: "is for providers of one's own, which are made in code",
  },
  validators: {
    ClassifierValidator: "takes a classifier; those that come with Sifaka have names of their own",
    PatternValidator: "another name of RegexValidator",
    rules: "makes what `all_of` with a name makes",
    percentageValidator: "settings of `numeric_range`",
    priceValidator: "settings of `numeric_range`",
    ageValidator: "settings of `numeric_range`",
    citationValidator: "settings of `regex`",
    codeBlockValidator: "settings of `regex`",
    structureValidator: "settings of `regex`",
    jsonFormat: "settings of `format`",
    markdownFormat: "settings of `format`",
    customFormat: "takes a function",
    requiredContent: "settings of `content`",
    prohibitedContent: "settings of `content`",
  },
  classifiers: {
    SentimentClassifier: "stands in a chain as the validator `sentiment`",
    LanguageClassifier: "stands in a chain as the validator `language`",
    ProfanityClassifier: "stands in a chain as the validator `profanity`",
    ToxicityClassifier: "stands in a chain as the validator `toxicity`",
    SpamClassifier: "stands in a chain as the validator `spam`",
    BiasClassifier: "stands in a chain as the validator `bias`",
    LlmClassifier: "stands in a chain as the validator `classifier`",
    defineClassifier: "takes a function",
    withCache: "takes a classifier",
  },
  critics: { styleCriticFromFile: "the critic `style` takes the text of the sample as an option" },
  retrievers: {
    VectorRetriever: "takes a function; reached by `module`",
    MilvusRetriever: "takes a function; reached by `module`",
  },
  storage: { MilvusStorage: "takes a function; made in code" },
};

/** Exports that are no components: bases for one's own, values, and functions that use components. */
export const NO_COMPONENTS: ReadonlySet<string> = new Set([
  ...["OperationModel", "OperationValidator", "OperationClassifier", "OperationCritic", "OperationRetriever"],
  ...[
    "OperationStorage",
    "EndpointModel",
    "ModelBefore",
    "ModelCritic",
    "RuleBuilder",
    "ProviderLimits",
    "CallLedger",
  ],
  ...["ClassificationResult", "ThoughtStore", "ThoughtOperations", "createModel", "costOf", "listPrice"],
  ...["generateForThought", "generateOperation", "validateSafely", "classifySafely", "critiqueSafely"],
  ...["parseAnswer", "verdictOf", "retrieveOperation", "operationsOf", "saveThought"],
]);
