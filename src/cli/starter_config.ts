/**
 * The configuration that `sifaka init` writes.
 *
 * @module
 */

/** A commented configuration that runs as it is. */
export const STARTER_CONFIG = `# yaml-language-server: $schema=./sifaka.schema.json
# A chain: a model writes, validators check, critics say how to improve, the model writes again.
# Every key is optional. \`sifaka schema -o sifaka.schema.json\` lists all of them for your editor.

# provider:name. Without it, the first provider whose key is set, then a local Ollama, then the built-in editor.
# model: openai:gpt-6.1-terra
# model: { provider: ollama, name: "llama3.2", temperature: 0.2 }

# What the model is told it is.
systemPrompt: You write for busy engineers.

# The task. {{name}} takes a variable, \${NAME} an environment variable.
prompt: Write a short announcement of version {{version}} of our tool.

variables:
  version: "1.2"

# A file with a text to improve, relative to this file. The model is then first asked for its improvement.
# input: draft.md

# Every text must pass all of these.
validators:
  - length: { minWords: 30, maxWords: 150 }
  - content: { prohibited: ["simply", "obviously", "in order to"] }
  # - regex: { required: ["^## "], forbidden: ["TBD"] }
  # - format: { format: markdown }
  # - module: ./my_validator.ts

# These are asked how to improve a text that does not pass.
critics:
  - self_refine
  # - reflexion
  # - constitutional: { principles: ["Be concrete.", "Promise nothing that is not there yet."] }
  # - n_critics: { roles: ["facts: whether it is true", "tone: how it sounds"] }
  # - style: { styleDescription: "Short sentences, plain words." }
  # Others: prompt, self_rag, meta_rewarding, self_consistency, self_taught_evaluator, agent4debate; docs/critics.md
  # says what each does and how many calls it costs.

# retrievers:
#   model:
#     - in_memory: { documents: ["Version 1.2 starts twice as fast."] }

options:
  maxImprovementIterations: 3

# Where runs are kept: sqlite:PATH, file:FOLDER or file:NAME.json (relative to this file), redis://HOST:PORT or memory.
# Without it, in your data directory.
# storage: sqlite:./runs.db
`;
