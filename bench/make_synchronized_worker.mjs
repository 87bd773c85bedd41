/** What the bridge bench calls in the worker of make-synchronized. */

export default async function answer(request) {
  if (request.waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, request.waitMs));
  return request.value;
}
