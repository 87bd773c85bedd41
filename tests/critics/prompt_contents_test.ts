/** What each kind of call must say, whatever the words are in which the rest is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommonCriticOptions } from "../../src/critics/common_options.ts";
import type { ModelCritic } from "../../src/critics/model_critic.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { ANY_ANSWER, asked, failing, FANNING } from "./helpers.ts";

/** For each critic, the beginning of a kind of call, and what it says. */
const CONTENTS: Readonly<Record<string, readonly [opening: RegExp, contents: readonly RegExp[]][]>> = {
  NCriticsCritic: [
    [/^Examine a text in the part/, [
      /Your part, accuracy/,
      /Whatever else is wrong with the text is for the other readers/,
      /0: .*5: .*10: /s,
      /You do not know what the other readers say/,
    ]],
    [/^Several readers have examined/, [
      /1\. \(accuracy, .*; wrong\)/,
      /Merge remarks that mean the same/,
      /contradict each other, keep both/,
      /Invent nothing/,
    ]],
  ],
  MetaRewardingCritic: [
    [/^Judge a text by a rubric/, [
      /adds one point.*1\. .*5\. /s,
      /reasons first/,
      /A longer text is not a better one/,
    ]],
    [/^Two judges/, [
      /accuracy:.*coverage:.*specificity:.*fairness:/s,
      /"tie"/,
      /Compare first, then decide/,
    ]],
    [/^Improve a judgement/, [/What was said when it was compared/]],
  ],
  SelfConsistencyCritic: [
    [/^Examine a text, and say whether/, [
      /Reason step by step/,
      /strengths and its faults/,
      /Only then give the verdict/,
    ]],
    [/^Several readers have examined the same text/, [
      /mean the same, whatever their words/,
      /1\. /,
      /"groups"/,
    ]],
  ],
  SelfRAGCritic: [
    [/^List the claims/, [
      /A claim can be checked when/,
      /need no evidence/,
      /understandable without the text/,
    ]],
    [/^Say whether a document helps/, [/Document 1, from atlas:/, /about the same subject is not enough/]],
    [/^Say whether documents support/, [
      /fully:.*partially:.*contradicted:.*no:/s,
      /copy the words that decide, exactly/,
    ]],
    [/^Say how useful/, [/5:.*4:.*3:.*2:.*1:/s, /Give your reasons first/]],
  ],
  SelfTaughtEvaluatorCritic: [
    [/^Change a request/, [/answer the original poorly/, /Keep the topic, the kind of text and its length/]],
    [/^Write the text that is asked for/, [/Return only the text/]],
    [/^Write a better version/, [/Return only the complete text/]],
    [/^Judge which of two texts/, [
      /Text A:.*Text B:/s,
      /Compare them first.*Then decide/s,
      /"reasoning".*"winner"/s,
    ]],
  ],
  Agent4DebateCritic: [
    [/^Work out what your side/, [/The stage is the opening/, /"questions": what evidence would decide/]],
    [/^Write the speech/, [/exact words of the text and what is to stand there instead/, /concede it/]],
    [/^Check a speech/, [/does not apply to the text/, /neither the text nor a document says/, /unanswered/]],
    [/^Judge a debate/, [
      /Side 1\..*Side 2\./s,
      /diagnosis:.*evidence:.*cost:/s,
      /order in which the sides stand/,
      /"accepted": the edits that should be made, whoever proposed them/,
    ]],
  ],
};

const promptsOf = (make: (options: CommonCriticOptions) => ModelCritic): string[] => {
  const model = new MockModel({ response: ANY_ANSWER });
  make({ model }).critique(failing());
  return model.calls.map(asked);
};

for (const [name, make] of FANNING) {
  test(`${name} says in each kind of call what must be said`, () => {
    const prompts = promptsOf(make);
    const kinds = CONTENTS[name]!;
    for (const [opening, contents] of kinds) {
      const prompt = prompts.find((one) => opening.test(one));
      assert.ok(prompt !== undefined, `no call begins with ${opening}`);
      for (const content of contents) assert.match(prompt, content);
      // The example that shows the form is about another text.
      assert.match(prompt, /The form, shown on an unrelated text: \{|Return only the/);
    }
    const unknown = prompts.filter((prompt) => !kinds.some(([opening]) => opening.test(prompt)));
    assert.deepEqual(unknown, []);
  });
}
