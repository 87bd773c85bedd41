/**
 * What every page has around its own content.
 *
 * @module
 */

import { type Html, markup } from "./markup.ts";

/** Where the viewer is, for links. */
export interface Place {
  /** The path that everything stands below, with the token in it: `/TOKEN`. */
  readonly base: string;
  /** What the store is called. */
  readonly label: string;
}

/** A page. */
export interface Page {
  /** Its title. */
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly section: "runs" | "charts";
  /** Its content. */
  readonly content: Html;
}

/**
 * Makes a whole document of a page.
 *
 * @param place Where the viewer is.
 * @param page The page.
 * @returns The document.
 */
export function layout({ base, label }: Place, { title, section, content }: Page): Html {
  const link = (path: string, name: string, isHere: boolean): Html =>
    isHere
      ? markup`<a href="${base}/${path}" aria-current="page">${name}</a>`
      : markup`<a href="${base}/${path}">${name}</a>`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – Sifaka</title>
<link rel="icon" href="${base}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/style.css">
<script src="${base}/client.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="${base}/">Sifaka</a>
<nav aria-label="Pages">
${link("", "Runs", section === "runs")}
${link("charts", "Charts", section === "charts")}
</nav>
<p class="store" title="The store">${label}</p>
</header>
<main id="main" tabindex="-1">${content}</main>
<p id="announcement" class="unseen" role="status"></p>
</body>
</html>`;
}

/**
 * An id in an address.
 *
 * @param id The id.
 * @returns One segment of a path.
 */
export function segment(id: string): string {
  // A browser would take these two for steps in the path, however they are written.
  return /^\.{1,2}$/.test(id) ? `~${id}` : encodeURIComponent(id).replace(/^~/, "~~");
}

/**
 * Reads an id from an address.
 *
 * @param part What {@linkcode segment} made, with its escapes resolved.
 * @returns The id.
 */
export function idOfSegment(part: string): string {
  return part.startsWith("~") ? part.slice(1) : part;
}
