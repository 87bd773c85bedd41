/** What the bridge bench calls in synckit's worker. */
import { runAsWorker } from "synckit";

runAsWorker(async (request) => {
  if (request.waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, request.waitMs));
  return request.value;
});
