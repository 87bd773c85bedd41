/**
 * Critics: what says how a text should be improved.
 *
 * @module
 */

export { Agent4DebateCritic } from "./agent4debate_critic.ts";
export {
  AGENT4DEBATE_OPTIONS,
  type Agent4DebateOptions,
  type DebateSide,
  type DebateStage,
} from "./agent4debate_options.ts";
export { type Answered, CallLedger } from "./call_ledger.ts";
export { CRITIC_ANSWER_SCHEMA, type JsonSchema } from "./answer_format.ts";
export {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  type CriticBudget,
  type CriticRetry,
  type CriticTemplates,
} from "./common_options.ts";
export {
  CONSTITUTIONAL_OPTIONS,
  ConstitutionalCritic,
  type ConstitutionalOptions,
} from "./constitutional_critic.ts";
export {
  type CallEstimate,
  type Critic,
  type CriticContext,
  type CriticMemory,
  OperationCritic,
} from "./critic.ts";
export {
  type CritiqueFunction,
  defineCritic,
  type DefinedCritic,
  type PartialFeedback,
} from "./define_critic.ts";
export { critiqueSafely } from "./critique_safely.ts";
export {
  META_REWARDING_OPTIONS,
  MetaRewardingCritic,
  type MetaRewardingOptions,
} from "./meta_rewarding_critic.ts";
export { ModelCritic } from "./model_critic.ts";
export { type AnswerReading, type CriticAnswer, parseAnswer, verdictOf } from "./parse_answer.ts";
export { CRITERIA } from "./criteria.ts";
export { N_CRITICS_OPTIONS, NCriticsCritic, type NCriticsOptions } from "./n_critics_critic.ts";
export type { EnsembleMember } from "./n_critics_members.ts";
export { PROMPT_CRITIC_OPTIONS, PromptCritic, type PromptCriticOptions } from "./prompt_critic.ts";
export { DEFAULT_PRINCIPLES, type PrincipleInit } from "./principles.ts";
export type { AnswerFields } from "./read_fields.ts";
export { REFLEXION_OPTIONS, ReflexionCritic, type ReflexionOptions } from "./reflexion_critic.ts";
export type { ReflexionEvaluator, ReflexionReward } from "./reflexion_reward.ts";
export {
  SELF_CONSISTENCY_OPTIONS,
  SelfConsistencyCritic,
  type SelfConsistencyOptions,
} from "./self_consistency_critic.ts";
export { SelfRAGCritic } from "./self_rag_critic.ts";
export type { SelfRAGWeights } from "./self_rag_findings.ts";
export { SELF_RAG_OPTIONS, type SelfRAGOptions } from "./self_rag_options.ts";
export {
  SELF_TAUGHT_EVALUATOR_OPTIONS,
  SelfTaughtEvaluatorCritic,
  type SelfTaughtEvaluatorOptions,
} from "./self_taught_evaluator_critic.ts";
export {
  type RefineOptions,
  SELF_REFINE_OPTIONS,
  SelfRefineCritic,
  type SelfRefineOptions,
} from "./self_refine_critic.ts";
export type { RefinedVersion, RefineResult, RefineStop } from "./self_refine_loop.ts";
export type { CriticMemoryStore } from "./shared_memory.ts";
export type { StyleWeights } from "./style_alignment.ts";
export { STYLE_OPTIONS, StyleCritic, styleCriticFromFile, type StyleOptions } from "./style_critic.ts";
