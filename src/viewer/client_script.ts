/**
 * What runs in the browser: search as one types, keys, and pages that keep up with a run that is going on. Every page works without
 * it. What it puts into the page is HTML that this viewer's own templates have escaped.
 *
 * @module
 */

/** The script, which the viewer serves itself. */
export const CLIENT_SCRIPT = `"use strict";
(() => {
  const TYPING_MS = 150;
  const LIVE_MS = 1000;
  const LIST_MS = 2000;
  const LOST = "The viewer does not answer; the page shows what it knew last.";
  // Everybody sees trouble; the rest is for those who do not see the page change.
  const say = (text, look = "unseen") => Object.assign(document.getElementById("announcement"), { textContent: text, className: look });
  const lost = () => say(LOST, "trouble");
  const found = () => { if (document.querySelector(".trouble")) say(""); };
  const parse = (text) => new DOMParser().parseFromString(text, "text/html").body;

  // Search as you type, and a list that keeps up with the store.
  const form = document.querySelector("form.search");
  const results = document.getElementById("results");
  if (form && results) {
    let timer;
    let asked;
    let shown;
    const load = async (query) => {
      asked?.abort();
      asked = new AbortController();
      const response = await fetch(form.dataset.results + "?" + query, { signal: asked.signal });
      if (!response.ok) throw new Error("status " + response.status);
      const text = await response.text();
      found();
      if (text === shown) return;
      shown = text;
      const focused = results.contains(document.activeElement) && document.activeElement.getAttribute("href");
      results.replaceChildren(...parse(text).childNodes);
      if (focused) results.querySelector("a[href=" + JSON.stringify(focused) + "]")?.focus({ preventScroll: true });
    };
    const queryOf = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
    const search = async () => {
      const query = queryOf();
      try {
        await load(query);
        history.replaceState(null, "", form.getAttribute("action") + (query === "" ? "" : "?" + query));
        say(results.querySelector("[data-announce]").textContent);
      } catch (error) {
        if (error.name !== "AbortError") lost();
      }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(search, TYPING_MS); };
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
    const keepUp = async () => {
      // Older pages and what a search has found stay as they are while one reads them.
      const isNewest = !new URLSearchParams(location.search).has("after") && form.elements.q.value.trim() === "";
      if (isNewest && !document.hidden) await load(queryOf()).catch((error) => error.name === "AbortError" || lost());
      setTimeout(keepUp, LIST_MS);
    };
    setTimeout(keepUp, LIST_MS);
  }

  // Keys: / searches, j and k go through the runs.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "/") {
      const box = document.getElementById("q");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
    if (step === 0) return;
    const links = [...document.querySelectorAll(".runs h3 a, .jump a")];
    const here = links.indexOf(document.activeElement);
    links[here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step]?.focus();
  });

  // Keep up with a run that is going on.
  const live = document.querySelector("[data-live]");
  if (live) {
    let version = "";
    const follow = async () => {
      let status = "running";
      try {
        if (!document.hidden) status = await renew();
      } catch {
        lost();
      }
      if (status === "running") setTimeout(follow, LIVE_MS);
    };
    const renew = async () => {
      const response = await fetch(live.dataset.live, { headers: { "if-none-match": version }, cache: "no-store" });
      if (!response.ok && response.status !== 304) throw new Error("status " + response.status);
      found();
      if (response.status === 304) return "running";
      const isFirst = version === "";
      version = response.headers.get("etag") ?? "";
      const part = parse(await response.text());
      const open = new Set([...live.querySelectorAll("details[open]")].map((one) => one.dataset.keep));
      for (const one of part.querySelectorAll("details")) one.open = open.has(one.dataset.keep);
      const focused = live.contains(document.activeElement) ? placeOf(document.activeElement) : undefined;
      const { status } = part.firstElementChild.dataset;
      live.replaceChildren(...part.childNodes);
      if (focused) live.querySelectorAll(focused.selector)[focused.index]?.focus({ preventScroll: true });
      if (!isFirst || status !== "running") say(status === "running" ? "The run went on." : "The run is " + status + ".");
      return status;
    };
    const placeOf = (element) => {
      const selector = element.localName;
      return { selector, index: [...live.querySelectorAll(selector)].indexOf(element) };
    };
    setTimeout(follow, LIVE_MS);
  }
})();
`;
