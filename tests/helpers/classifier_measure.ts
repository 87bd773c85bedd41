/** Measures classifiers on labelled texts. */
import type { OperationClassifier } from "../../src/classifiers/classifier.ts";

/** A text, and the label it should get. */
export type LabelledText = readonly [text: string, label: string];

/** How often a label was given rightly. */
export interface LabelFigures {
  /** How many texts have the label. */
  readonly texts: number;
  /** Which share of those that got the label have it. */
  readonly precision: number;
  /** Which share of those that have it got it. */
  readonly recall: number;
}

/** What was measured. */
export interface Measurement {
  /** Which share of all texts got their label. */
  readonly accuracy: number;
  /** For each label that texts have. */
  readonly labels: Readonly<Record<string, LabelFigures>>;
  /** What got a wrong label. */
  readonly wrong: readonly { text: string; label: string; given: string }[];
}

/** Every harmful label as one, for those to whom it matters most that a text is harmful at all. */
export const harmfulAsToxic = (label: string): string => label === "non_toxic" ? label : "toxic";

/** Classifies every text and counts; labels are first named by what is given for that. */
export async function measure(
  classifier: OperationClassifier,
  labelled: readonly LabelledText[],
  name: (label: string) => string = (label) => label,
): Promise<Measurement> {
  const texts = labelled.map(([text, label]): LabelledText => [text, name(label)]);
  const given: string[] = [];
  for (const [text] of texts) given.push(name((await classifier._classifyAsync(text)).label));
  const wrong = texts.flatMap(([text, label], index) =>
    given[index] === label ? [] : [{ text, label, given: given[index]! }]
  );
  const figures = [...new Set(texts.map(([, label]) => label))].sort().map((label) => {
    const having = texts.filter((text) => text[1] === label).length;
    const getting = given.filter((one) => one === label).length;
    const both = texts.filter((text, index) => text[1] === label && given[index] === label).length;
    return [label, {
      texts: having,
      precision: getting === 0 ? 0 : both / getting,
      recall: both / having,
    }] as const;
  });
  return { accuracy: 1 - wrong.length / texts.length, labels: Object.fromEntries(figures), wrong };
}
