/** A critique is operations throughout, so a recorded run that had one is replayed without a call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { ANY_ANSWER, FANNING } from "./helpers.ts";

for (const [name, make] of FANNING) {
  test(`${name} is replayed from the journal without a call`, () => {
    let calls = 0;
    // Plain objects: what they do is an effect, as a call to a provider is.
    const answering = (text: string) => ({ name: "plain", generate: () => (calls++, text) });
    const chain = new Chain({
      model: answering("Lemurs are threatened, as everybody knows."),
      prompt: "Explain why lemurs are threatened.",
      critics: [make({ model: answering(ANY_ANSWER) })],
      storage: new MemoryStorage(),
      alwaysApplyCritics: true,
      critiqueFinal: true,
      maxImprovementIterations: 1,
      stopOnNoProgress: false,
    });
    const first = chain.runDetailed({ runId: "recorded" });
    const made = calls;
    assert.ok(made > 2);
    const again = chain.replayDetailed("recorded");
    assert.equal(calls, made);
    assert.deepEqual(again.thought.toJSON(), first.thought.toJSON());
  });
}
