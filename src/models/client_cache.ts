/**
 * Keeps the clients of SDKs, as making one takes as long as all else that a call does beside its network.
 *
 * It is loaded only with the modules that call providers, one for each thread that does.
 *
 * @module
 */

import type { EndpointRequest } from "./endpoint_request.ts";

/** So many endpoints, each with its key, are in use at once at the most; a client more is made again. */
const MOST_KEPT = 16;

/** The clients of one SDK. */
export class ClientCache<Client> {
  readonly #make: (request: EndpointRequest) => Client;
  readonly #clients = new Map<string, Client>();

  /** @param make Makes a client for the endpoint of a request, and for nothing else in it. */
  constructor(make: (request: EndpointRequest) => Client) {
    this.#make = make;
  }

  /**
   * Gives the client of an endpoint.
   *
   * @param request A request to it.
   * @returns The client.
   */
  of(request: EndpointRequest): Client {
    const { baseUrl, apiKey, auth, headers, query, organization, project } = request;
    const key = JSON.stringify([baseUrl, apiKey, auth, headers, query, organization, project]);
    const kept = this.#clients.get(key);
    if (kept !== undefined) return kept;
    const client = this.#make(request);
    if (this.#clients.size === MOST_KEPT) this.#clients.delete(this.#clients.keys().next().value!);
    this.#clients.set(key, client);
    return client;
  }
}
