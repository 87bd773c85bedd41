/**
 * The components that a configuration may name.
 *
 * @module
 */

import { Agent4DebateCritic } from "../critics/agent4debate_critic.ts";
import { AGENT4DEBATE_OPTIONS } from "../critics/agent4debate_options.ts";
import { CONSTITUTIONAL_OPTIONS, ConstitutionalCritic } from "../critics/constitutional_critic.ts";
import type { Critic } from "../critics/critic.ts";
import { META_REWARDING_OPTIONS, MetaRewardingCritic } from "../critics/meta_rewarding_critic.ts";
import { N_CRITICS_OPTIONS, NCriticsCritic } from "../critics/n_critics_critic.ts";
import { PROMPT_CRITIC_OPTIONS, PromptCritic } from "../critics/prompt_critic.ts";
import { REFLEXION_OPTIONS, ReflexionCritic } from "../critics/reflexion_critic.ts";
import { SELF_CONSISTENCY_OPTIONS, SelfConsistencyCritic } from "../critics/self_consistency_critic.ts";
import { SelfRAGCritic } from "../critics/self_rag_critic.ts";
import { SELF_RAG_OPTIONS } from "../critics/self_rag_options.ts";
import { SELF_REFINE_OPTIONS, SelfRefineCritic } from "../critics/self_refine_critic.ts";
import {
  SELF_TAUGHT_EVALUATOR_OPTIONS,
  SelfTaughtEvaluatorCritic,
} from "../critics/self_taught_evaluator_critic.ts";
import { STYLE_OPTIONS, StyleCritic } from "../critics/style_critic.ts";
import type { OptionSchemas } from "../options.ts";
import { CACHED_RETRIEVER_OPTIONS, CachedRetriever } from "../retrievers/cached_retriever.ts";
import { FILE_RETRIEVER_OPTIONS, FileRetriever } from "../retrievers/file_retriever.ts";
import { HYBRID_RETRIEVER_OPTIONS, HybridRetriever } from "../retrievers/hybrid_retriever.ts";
import { IN_MEMORY_OPTIONS, InMemoryRetriever } from "../retrievers/in_memory_retriever.ts";
import { MOCK_RETRIEVER_OPTIONS, MockRetriever } from "../retrievers/mock_retriever.ts";
import { REDIS_RETRIEVER_OPTIONS, RedisRetriever } from "../retrievers/redis_retriever.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import { STORAGE_RETRIEVER_OPTIONS, StorageRetriever } from "../retrievers/storage_retriever.ts";
import { absolutePath } from "../runtime/files.ts";
import { BIAS_VALIDATOR_OPTIONS, createBiasValidator } from "../validators/bias_validator.ts";
import { allOf, anyOf, COMPOSITION_OPTIONS, not, NOT_OPTIONS } from "../validators/composition.ts";
import { CONTENT_OPTIONS } from "../validators/content_options.ts";
import { ContentValidator } from "../validators/content_validator.ts";
import { FORMAT_OPTIONS } from "../validators/format_options.ts";
import { FormatValidator } from "../validators/format_validator.ts";
import { GUARDRAILS_OPTIONS, GuardrailsValidator } from "../validators/guardrails_validator.ts";
import {
  createLanguageValidator,
  createLlmValidator,
  createSentimentValidator,
  LANGUAGE_VALIDATOR_OPTIONS,
  LLM_VALIDATOR_OPTIONS,
  SENTIMENT_VALIDATOR_OPTIONS,
} from "../validators/label_validators.ts";
import { LENGTH_OPTIONS } from "../validators/length_options.ts";
import { LengthValidator } from "../validators/length_validator.ts";
import { NUMERIC_RANGE_OPTIONS } from "../validators/numeric_range_options.ts";
import { NumericRangeValidator } from "../validators/numeric_range_validator.ts";
import {
  PROSE_OPTIONS,
  ProseValidator,
  READABILITY_OPTIONS,
  ReadabilityValidator,
} from "../validators/prose_validators.ts";
import { createProfanityValidator, PROFANITY_VALIDATOR_OPTIONS } from "../validators/profanity_validator.ts";
import { REGEX_OPTIONS } from "../validators/regex_options.ts";
import { RegexValidator } from "../validators/regex_validator.ts";
import { createSpamValidator, SPAM_VALIDATOR_OPTIONS } from "../validators/spam_validator.ts";
import { createToxicityValidator, TOXICITY_VALIDATOR_OPTIONS } from "../validators/toxicity_validator.ts";
import type { Validator } from "../validators/validator.ts";
import { type ComponentEntries, type ComponentEntry, type PartsOption, STORAGE_OPTION } from "./component.ts";

/** A class whose constructor takes checked options; `never` lets every option type in, as the schema has checked them. */
type ComponentClass<T> = new (options: never) => T;

function component<T>(Class: ComponentClass<NoInfer<T>>, options: OptionSchemas): ComponentEntry<T> {
  return { options, make: (given) => new Class(given as never) };
}

function critic(Class: ComponentClass<Critic>, options: OptionSchemas): ComponentEntry<Critic> {
  return {
    options,
    make: (given, { model }) => new Class({ ...given, model: model(given.model, ["model"]) } as never),
  };
}

/** Parts of a composition. */
const VALIDATOR_LIST: PartsOption = {
  option: "validators",
  isList: true,
  description: "The parts, written as in any list of validators.",
};

/** The validators, by the names that configurations use. */
export const VALIDATORS: ComponentEntries<Validator> = {
  length: component(LengthValidator, LENGTH_OPTIONS),
  regex: component(RegexValidator, REGEX_OPTIONS),
  content: component(ContentValidator, CONTENT_OPTIONS),
  format: component(FormatValidator, FORMAT_OPTIONS),
  numeric_range: component(NumericRangeValidator, NUMERIC_RANGE_OPTIONS),
  readability: component(ReadabilityValidator, READABILITY_OPTIONS),
  prose: component(ProseValidator, PROSE_OPTIONS),
  guardrails: component(GuardrailsValidator, GUARDRAILS_OPTIONS),
  sentiment: { options: SENTIMENT_VALIDATOR_OPTIONS, make: (given) => createSentimentValidator(given) },
  language: { options: LANGUAGE_VALIDATOR_OPTIONS, make: (given) => createLanguageValidator(given) },
  profanity: { options: PROFANITY_VALIDATOR_OPTIONS, make: (given) => createProfanityValidator(given) },
  spam: { options: SPAM_VALIDATOR_OPTIONS, make: (given) => createSpamValidator(given) },
  toxicity: { options: TOXICITY_VALIDATOR_OPTIONS, make: (given) => createToxicityValidator(given) },
  bias: { options: BIAS_VALIDATOR_OPTIONS, make: (given) => createBiasValidator(given) },
  classifier: {
    options: LLM_VALIDATOR_OPTIONS,
    make: (given, { model }) => createLlmValidator({ ...given, model: model(given.model, ["model"]) }),
  },
  all_of: {
    options: COMPOSITION_OPTIONS,
    parts: VALIDATOR_LIST,
    make: (given, { parts }) => allOf(parts, given),
  },
  any_of: {
    options: COMPOSITION_OPTIONS,
    parts: VALIDATOR_LIST,
    make: (given, { parts }) => anyOf(parts, given),
  },
  not: {
    options: NOT_OPTIONS,
    parts: {
      option: "validator",
      isList: false,
      description: "The part, written as in a list of validators.",
    },
    make: (given, { parts }) => not(parts[0]!, given),
  },
};

/** The critics, by the names that configurations use. */
export const CRITICS: ComponentEntries<Critic> = {
  prompt: critic(PromptCritic, PROMPT_CRITIC_OPTIONS),
  reflexion: critic(ReflexionCritic, REFLEXION_OPTIONS),
  self_refine: critic(SelfRefineCritic, SELF_REFINE_OPTIONS),
  constitutional: critic(ConstitutionalCritic, CONSTITUTIONAL_OPTIONS),
  self_rag: critic(SelfRAGCritic, SELF_RAG_OPTIONS),
  n_critics: critic(NCriticsCritic, N_CRITICS_OPTIONS),
  meta_rewarding: critic(MetaRewardingCritic, META_REWARDING_OPTIONS),
  self_consistency: critic(SelfConsistencyCritic, SELF_CONSISTENCY_OPTIONS),
  self_taught_evaluator: critic(SelfTaughtEvaluatorCritic, SELF_TAUGHT_EVALUATOR_OPTIONS),
  agent4debate: critic(Agent4DebateCritic, AGENT4DEBATE_OPTIONS),
  style: critic(StyleCritic, STYLE_OPTIONS),
};

/** The retrievers, by the names that configurations use. */
export const RETRIEVERS: ComponentEntries<Retriever> = {
  in_memory: component(InMemoryRetriever, IN_MEMORY_OPTIONS),
  files: {
    options: FILE_RETRIEVER_OPTIONS,
    make: (given, { folder }) => {
      const { index } = given;
      const start = absolutePath(String(given.folder ?? "."), folder);
      const paths = typeof index === "string" ? { index: absolutePath(index, folder) } : {};
      return new FileRetriever({ ...given, folder: start, ...paths } as never);
    },
  },
  redis: component(RedisRetriever, REDIS_RETRIEVER_OPTIONS),
  storage: {
    options: { ...STORAGE_RETRIEVER_OPTIONS, storage: STORAGE_OPTION },
    make: (given, { storage }) => new StorageRetriever({ ...given, storage: storage() } as never),
  },
  cached: {
    options: { ...CACHED_RETRIEVER_OPTIONS, storage: STORAGE_OPTION },
    parts: {
      option: "retriever",
      isList: false,
      description: "The retriever that is asked, written as in a list of retrievers.",
    },
    make: (given, { parts, storage }) => new CachedRetriever(parts[0]!, { ...given, storage: storage() }),
  },
  hybrid: {
    options: HYBRID_RETRIEVER_OPTIONS,
    parts: {
      option: "retrievers",
      isList: true,
      description: "The retrievers that are joined, written as in any list of retrievers.",
    },
    make: (given, { parts }) => new HybridRetriever({ ...given, retrievers: parts }),
  },
  mock: component(MockRetriever, MOCK_RETRIEVER_OPTIONS),
};

/** Components that a configuration reaches by `module:` alone, by the name that one would look for, with the reason. */
export const CODE_ONLY: Readonly<Record<string, string>> = {
  vector: "a function `embed`",
  milvus: "a function `embed`",
};
