/** The chain of the trials, as code and as a configuration: seven calls, two of them side by side in each round of criticism. */
import { Chain } from "../../src/chain/chain.ts";
import { PromptCritic } from "../../src/critics/prompt_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { createModel } from "../../src/models/create_model.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";

/** What a chain is made of. */
export interface TrialChainOptions {
  /** The provider. */
  readonly baseUrl: string;
  /** Where its runs are kept. */
  readonly storage: Storage;
  /** The task. @default "Describe the indri." */
  readonly prompt?: string;
}

/** Makes the chain. */
export function trialChain({ baseUrl, storage, prompt = "Describe the indri." }: TrialChainOptions): Chain {
  const model = createModel("openai-compatible:m", { apiKey: "sk-test", baseUrl });
  return new Chain({ model, prompt, storage, maxImprovementIterations: 2, onExhausted: "return" })
    .withOptions({ stopOnNoProgress: false })
    .validateWith(new LengthValidator({ minWords: 50 }))
    .improveWith(new SelfRefineCritic({ model }))
    .improveWith(new PromptCritic({ model }));
}

/** The same as a configuration file. */
export function trialConfig(baseUrl: string, storePath: string): string {
  return `model: { provider: openai-compatible, name: m, baseUrl: "${baseUrl}", apiKey: sk-test }
prompt: Describe the indri.
validators: [{ length: { minWords: 50 } }]
critics: [self_refine, prompt]
options: { maxImprovementIterations: 2, stopOnNoProgress: false }
storage: "sqlite:${storePath}"
`;
}
