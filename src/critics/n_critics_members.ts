/**
 * The members of an ensemble of critics.
 *
 * @module
 */

import type { Model } from "../models/model.ts";
import type { OptionProblem, OptionSchema } from "../options.ts";
import { MODEL_SCHEMA, settleModel } from "./common_options.ts";

/** A member of the ensemble. */
export interface EnsembleMember {
  /** What results call it. */
  readonly name: string;
  /** What it looks at, and what it leaves to others. */
  readonly role: string;
  /** Who it is; members with models of their own are the point of an ensemble. @default the critic's model */
  readonly model?: Model | string;
  /** How much its score counts in the mean and the majority; above 0. @default 1 */
  readonly weight?: number;
  /** Whether its asking for a change is enough by itself. @default false */
  readonly blocking?: boolean;
}

/** A member with everything settled. */
export interface Member extends Required<Omit<EnsembleMember, "model">> {
  /** Its model. */
  readonly model: Model | undefined;
}

/** What a member may be in the options. */
export const MEMBER_SCHEMA: OptionSchema = Object.freeze<OptionSchema>({
  type: "object",
  properties: {
    name: { description: "What results call it.", type: "string", minLength: 1 },
    role: { description: "What it looks at.", type: "string", minLength: 1 },
    model: { ...MODEL_SCHEMA, description: "Its own model, for example openai:gpt-6.1-terra." },
    weight: { description: "How much its score counts.", type: "number", exclusiveMinimum: 0, default: 1 },
    blocking: {
      description: "Whether its asking for a change is enough by itself.",
      type: "boolean",
      default: false,
    },
  },
  required: ["name", "role"],
});

/** The most members. */
export const MOST_MEMBERS = 20;

/** The roles of an ensemble that is given none, the first ones first. */
const DEFAULT_ROLES: readonly string[] = Object.freeze([
  "accuracy: whether every statement of fact is true and agrees with the documents",
  "the task: whether the text does all that was asked, and nothing else",
  "clarity: whether its readers understand each sentence at the first reading",
  "structure: whether the parts are in the order that helps most",
  "brevity: what could be left out without loss",
  "evidence: whether claims that need support have it",
  "logic: whether each conclusion follows, and nothing contradicts anything else",
  "the reader: whether the text assumes what its readers know, and no more",
  "tone: whether it suits the occasion and the readers",
  "concreteness: whether general statements are made plain by cases, names and numbers",
  "completeness: which question a careful reader is left with",
  "fairness: whether people and other opinions are treated justly",
  "risk: what could do harm when someone acts on the text",
  "originality: which phrases and thoughts are worn out",
  "terms: whether each term means one thing, and is explained where it must be",
  "grammar and spelling",
  "rhythm: how the text sounds when it is read aloud",
  "the opening: whether it says what the text is about and why to read on",
  "the ending: whether it leaves the reader with what matters",
  "use: whether its readers can act on it",
]);

/** What of the options says who the members are. */
export interface MemberOptions {
  /** Members in full. */
  readonly critics?: readonly EnsembleMember[];
  /** Roles alone. */
  readonly roles?: readonly string[];
  /** How many of the default roles, or as many as `roles` has. */
  readonly numCritics?: number;
  /** Whether the critic's own model is of the ensemble, under the name {@linkcode SELF}. */
  readonly includeSelf?: boolean;
}

/** What the critic's own model is called as the writer of the text. */
export const SELF = "self";

/**
 * Settles who the members are.
 *
 * @param options What the user said, checked field by field.
 * @returns The members, and what is wrong with them together.
 */
export function settleMembers(
  options: MemberOptions,
): { readonly members: readonly Member[]; readonly problems: readonly OptionProblem[] } {
  const { critics, roles, numCritics, includeSelf = true } = options;
  const problems: OptionProblem[] = [];
  if (critics !== undefined && (roles !== undefined || numCritics !== undefined)) {
    const other = roles === undefined ? "numCritics" : "roles";
    problems.push({
      path: [other],
      message: `critics and ${other} must not both be given: critics says it all`,
    });
  } else if (roles !== undefined && numCritics !== undefined && roles.length !== numCritics) {
    problems.push({
      path: ["numCritics"],
      message:
        `numCritics must be the number of roles where both are given: numCritics is ${numCritics}, there are ${roles.length} roles`,
    });
  }
  const list = critics ?? (roles ?? DEFAULT_ROLES.slice(0, numCritics ?? 3)).map(fromRole);
  const names = list.map(({ name }) => name.trim());
  const option = critics === undefined ? "roles" : "critics";
  names.forEach((name, index) => {
    if (name === SELF && includeSelf) {
      const message = `${option}[${index}] must not be called "${SELF}" where includeSelf is on: ` +
        "the critic's own model has that name";
      problems.push({ path: [option, index], message });
    }
    const same = names.indexOf(name);
    if (same === index) return;
    const message =
      `${option} must be different from each other: ${option}[${index}] repeats ${option}[${same}]`;
    problems.push({ path: [option, index], message });
  });
  const members = problems.length > 0 ? [] : list.map((member, index): Member => ({
    name: names[index]!,
    role: member.role.trim(),
    model: member.model === undefined ? undefined : settleModel(member.model),
    weight: member.weight ?? 1,
    blocking: member.blocking ?? false,
  }));
  return { members, problems };
}

/** "accuracy: whether …" is called "accuracy". */
function fromRole(role: string): EnsembleMember {
  const [head = role] = role.split(":", 1);
  return { name: head.trim().slice(0, 80), role };
}
