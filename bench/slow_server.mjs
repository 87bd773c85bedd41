/**
 * A server on loopback that speaks enough of OpenAI's protocol for the benches: each answer takes 200 ms, or as
 * long as its argument says. Prints its port.
 */
import { createServer } from "node:http";

const LATENCY_MS = Number(process.argv[2] ?? 200);
const content = JSON.stringify({
  needsImprovement: false,
  score: 9,
  summary: "Good.",
  issues: [],
  suggestions: [],
});
const answer = JSON.stringify({
  id: "1",
  object: "chat.completion",
  created: 0,
  model: "slow",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
});

const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(answer), LATENCY_MS);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// Ends with the program that started it.
process.stdin.resume().on("close", () => process.exit(0));
