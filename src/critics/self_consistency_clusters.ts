/**
 * What several samples of a critique agree on.
 *
 * @module
 */

import type { FeedbackItem } from "../thought/critic_feedback.ts";
import { groupSimilar, mergedItem } from "./similar.ts";

/** A remark of one sample. */
export interface Remark {
  /** What it says. */
  readonly item: FeedbackItem;
  /** Whether it says what is wrong, or what to do. */
  readonly kind: "issue" | "suggestion";
  /** Which sample made it. */
  readonly sample: number;
}

/** Remarks that mean the same. */
export interface Cluster {
  /** One for all. */
  readonly item: FeedbackItem;
  /** Whether they say what is wrong, or what to do. */
  readonly kind: "issue" | "suggestion";
  /** How many samples made it. */
  readonly support: number;
}

/** The most remarks of one kind that are taken from a sample. */
const MOST_REMARKS = 20;

/** Lists the remarks of all samples, issues before suggestions. */
export function remarksOf(
  samples: readonly {
    readonly issues: readonly FeedbackItem[];
    readonly suggestions: readonly FeedbackItem[];
  }[],
): Remark[] {
  const list = (kind: Remark["kind"], itemsOf: (index: number) => readonly FeedbackItem[]): Remark[] =>
    samples.flatMap((_, sample) =>
      itemsOf(sample).slice(0, MOST_REMARKS).map((item) => ({ item, kind, sample }))
    );
  return [
    ...list("issue", (sample) => samples[sample]!.issues),
    ...list("suggestion", (sample) => samples[sample]!.suggestions),
  ];
}

/** Groups remarks by their words. */
export function lexicalClusters(remarks: readonly Remark[]): Cluster[] {
  return byKind(remarks).flatMap((list) => groupSimilar(list, ({ item }) => item.text)).map(toCluster);
}

/** Groups remarks by numbers, from 1; what is wrong and what to do never stand in one cluster. */
export function numberedClusters(
  remarks: readonly Remark[],
  groups: readonly (readonly number[])[],
): Cluster[] {
  return groups
    .flatMap((group) => byKind([...group].sort((a, b) => a - b).map((number) => remarks[number - 1]!)))
    .sort((a, b) => remarks.indexOf(a[0]!) - remarks.indexOf(b[0]!))
    .map(toCluster);
}

function byKind(remarks: readonly Remark[]): Remark[][] {
  return (["issue", "suggestion"] as const)
    .map((kind) => remarks.filter((remark) => remark.kind === kind))
    .filter((list) => list.length > 0);
}

function toCluster(remarks: readonly Remark[]): Cluster {
  return {
    item: mergedItem(remarks.map(({ item }) => item)),
    kind: remarks[0]!.kind,
    support: new Set(remarks.map(({ sample }) => sample)).size,
  };
}
