/**
 * The icon of the pages: two lines of a text, and a tick.
 *
 * @module
 */

/** The icon as SVG. */
export const ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2e7d4f"/><path d="M8 10h16M8 16h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/><path d="m15 21 4 4 7-9" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
