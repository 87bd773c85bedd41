/**
 * One turn of a conversation with a model.
 *
 * @module
 */

/** One turn of a conversation. */
export interface Message {
  /** Who speaks. */
  readonly role: "system" | "user" | "assistant";
  /** What is said. */
  readonly content: string;
}
