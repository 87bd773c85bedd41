/**
 * What the viewer answers.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { SifakaError } from "../errors.ts";
import { sha256 } from "../runtime/compression.ts";
import { chartsPage } from "./charts_page.ts";
import { CLIENT_SCRIPT } from "./client_script.ts";
import { gate, type GateOptions } from "./gate.ts";
import { markup } from "./markup.ts";
import { ICON } from "./icon.ts";
import { idOfSegment, layout, type Page, type Place } from "./layout.ts";
import { listPage, results } from "./list_page.ts";
import { runPage, runPart, runTitle } from "./run_page.ts";
import { readQuery } from "./run_query.ts";
import type { RunReader } from "./run_reader.ts";
import { STYLESHEET } from "./stylesheet.ts";

/** What the viewer shows, and to whom. */
export interface AppOptions extends GateOptions {
  /** Reads the store. */
  readonly reader: RunReader;
  /** What the store is called. */
  readonly label: string;
}

/**
 * Makes what answers the requests.
 *
 * @param options What it shows, and to whom.
 * @returns The application; its `fetch` takes a request and gives the answer.
 */
export function createApp(options: AppOptions): Hono {
  const { reader, token, label } = options;
  const place: Place = { base: `/${token}`, label };
  const app = new Hono();
  const show = (context: Context, page: Page, status: 200 | 404 | 500 = 200) =>
    context.html(layout(place, page), status);
  const missing = (context: Context) =>
    show(context, { title: "Not found", section: "runs", content: NOT_FOUND }, 404);
  app.use("*", gate(options));
  app.get("/:token/", async (context) => {
    const query = readQuery(new URL(context.req.url).searchParams);
    const content = listPage(place, query, { listing: await reader.list(query), models: reader.models() });
    return show(context, { title: "Runs", section: "runs", content });
  });
  app.get("/:token/results", async (context) => {
    const query = readQuery(new URL(context.req.url).searchParams);
    return context.html(results(place, query, await reader.list(query)));
  });
  app.get("/:token/run/:id", async (context) => {
    const details = await reader.details(idIn(context));
    if (details === undefined) return missing(context);
    return show(context, { title: runTitle(details), section: "runs", content: runPage(place, details) });
  });
  app.get("/:token/part/:id", async (context) => {
    const part = await partOf(reader, context);
    return part === undefined ? missing(context) : part;
  });
  app.get("/:token/charts", async (context) => {
    const content = chartsPage(await reader.figures());
    return show(context, { title: "Charts", section: "charts", content });
  });
  app.get("/:token/style.css", (context) => file(context, STYLESHEET, "text/css"));
  app.get("/:token/client.js", (context) => file(context, CLIENT_SCRIPT, "text/javascript"));
  app.get("/:token/icon.svg", (context) => file(context, ICON, "image/svg+xml"));
  app.notFound(missing);
  app.onError((error, context) => {
    const message = error instanceof SifakaError ? error.message : "The viewer has a fault of its own.";
    const content = markup`
      <h1>This cannot be shown</h1>
      <p class="failure">${message}</p>
    `;
    return show(context, { title: "Error", section: "runs", content }, 500);
  });
  return app;
}

const NOT_FOUND = markup`
  <h1>Not found</h1>
  <p>There is no such page or run. It may have been removed.</p>
`;

function file(context: Context, text: string, type: string): Response {
  return context.body(text, 200, { "content-type": `${type}; charset=utf-8` });
}

function idIn(context: Context): string {
  return idOfSegment(context.req.param("id") ?? "");
}

/** Answers with the part of a page that changes, or only says that it is as it was. */
async function partOf(reader: RunReader, context: Context): Promise<Response | undefined> {
  // Asked before the run is read: what is written meanwhile is shown at the next time, if not at this one.
  const state = reader.stateOf(idIn(context));
  const isKnown = (tag: string): boolean => context.req.header("if-none-match") === tag;
  if (state !== undefined && isKnown(tagOf(state))) return context.body(null, 304, { etag: tagOf(state) });
  const details = await reader.details(idIn(context));
  if (details === undefined) return undefined;
  const text = (await runPart(details)).toString();
  const tag = tagOf(state ?? text);
  return isKnown(tag) ? context.body(null, 304, { etag: tag }) : context.html(text, 200, { etag: tag });
}

function tagOf(text: string): string {
  return `"${Array.from(sha256(text), (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}
