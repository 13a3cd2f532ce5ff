"use strict";
/**
 * Deciding on the page. A decision is kept by its record, as in the file of decisions: the words it puts in the place of
 * the original, or null where these stay. Everything shown follows from the decisions; nothing is read back from the page.
 *
 * @typedef {[kind: -1|0|1, text: string]} Piece  words that went, stay, came
 * @typedef {{text: string, takeable: boolean, pieces: Piece[]}} Choice
 * @typedef {{number: number, record: number, keep: number[], lock: string, chosen: number, settled: boolean,
 *   safe: boolean, around: [before: string, after: string], choices: Choice[]}} Entry  choices[0] is the original wording
 * @typedef {{rule: string, quote: string, before: string, after: string, reason?: string, article?: string, replacement?: string}} Record
 * @typedef {{version: string, article: string, cleaned_name: string, sha256: string, encoding: string|null,
 *   text: (string|[record: number, words: string])[], records: Record[], entries: Entry[]}} Data
 */
(() => {
  const toolbar = document.querySelector(".toolbar");
  if (!toolbar) return;
  /** @type {Data} */
  const data = JSON.parse(document.getElementById("review-data").textContent);
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const panel = byId("panel");
  const entries = new Map(data.entries.map((entry) => [entry.number, entry]));
  const cards = new Map(all("#findings > .card").map((card) => [Number(card.dataset.entry), card]));
  const marks = Map.groupBy(all(".mark"), (mark) => Number(mark.dataset.entry));
  const markOf = (number) => marks.get(number).find((mark) => mark.href && mark.closest(".original"));
  /** What each entry shows, so that only what changes is made anew.  @type {Map<number, string>} */
  const painted = new Map();
  const STATES = { accepted: "Accepted", kept: "Kept", edited: "Edited", changed: "Suggested", offered: "Offered", flagged: "Flagged only" };

  /** @type {Map<number, string|null>} */
  let decided = new Map();
  /** @type {Map<number, string|null>[]} */
  const past = [];
  /** Why, by record; the page asks for no reasons but keeps those of a file.  @type {Map<number, string>} */
  const reasons = new Map();
  const view = { current: null, shown: data.entries.map((entry) => entry.number), draft: null, onlyDecided: false, keys: true };

  // --- What is decided, and what follows from it ---

  const original = (entry) => entry.choices[0].text;
  const isDecided = (entry) => decided.has(entry.record);
  const left = () => data.entries.filter((entry) => !isDecided(entry));
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const squeezed = (text) => text.split(/\s+/).filter(Boolean).join(" ");

  /** Whether the wording seems to be there before it is put there: the same words, and marks or spaces as they are around them. */
  function standsAlready(entry, text) {
    const words = (one) => String(one.toLowerCase().match(/[\p{L}\p{N}_]+/gu));
    const [before, after] = entry.around;
    return words(text) === words(original(entry)) && squeezed(before + original(entry) + after).includes(squeezed(text));
  }

  /** The index that `a` takes: mtcheck's choice, else the first wording that may be taken; 0 for none. */
  const suggestion = (entry) => entry.lock ? 0 : entry.chosen || Math.max(0, entry.choices.findIndex((choice) => choice.takeable));

  /** The words that stand in the cleaned column. */
  function wording(entry) {
    if (view.draft !== null && entry.number === view.current) return view.draft;
    if (isDecided(entry)) return decided.get(entry.record) ?? original(entry);
    return entry.lock || view.onlyDecided ? original(entry) : entry.choices[entry.chosen].text;
  }

  function stateOf(entry) {
    if (!isDecided(entry)) return cards.get(entry.number).dataset.status;
    const text = decided.get(entry.record);
    if (text === null) return "kept";
    return entry.choices.some((choice) => choice.text === text) ? "accepted" : "edited";
  }

  /** Change decisions, and remember them as they were.  @param {(map: Map<number, string|null>) => void} change */
  function settle(change) {
    past.push(new Map(decided));
    change(decided);
    refresh();
    remember();
  }

  /** Decide about one entry, or take the same decision back; then go on to the next undecided one. */
  function decide(entry, text) {
    const back = isDecided(entry) && decided.get(entry.record) === text;
    view.draft = null;
    settle((map) => back ? map.delete(entry.record) : map.set(entry.record, text));
    say(`Change ${entry.number}: ${back ? "undecided again" : STATES[stateOf(entry)].toLowerCase()}. ${tally()}.`);
    const shown = view.shown.filter((number) => !isDecided(entries.get(number)));
    const next = shown.find((number) => number > entry.number) ?? shown[0];
    open(back || next === undefined ? entry.number : next);
  }

  function take(entry, index) {
    const choice = entry.choices[index];
    if (!choice) return;
    if (entry.lock || !choice.takeable) refuse(`Alternative ${index} cannot be taken. ${entry.lock || "You can edit by hand."}`);
    else decide(entry, choice.text);
  }

  function saveEdit(entry, field) {
    // Controls and lone surrogates could not be shown, or written in the article's encoding.
    const text = field.value.replace(/\s*[\r\n]+\s*/g, " ").replace(/\p{Cc}|\p{Cs}/gu, "");
    if (text === original(entry)) decide(entry, null);
    else if (standsAlready(entry, text)) refuse("Not saved: a decision file could not tell that from what stands there. Change a word, too.");
    else decide(entry, text);
  }

  function undo() {
    if (!past.length) return say("Nothing to undo.");
    const before = past.pop();
    const entry = data.entries.find(({ record }) => before.get(record) !== decided.get(record) || before.has(record) !== decided.has(record));
    decided = before;
    view.draft = null;
    refresh();
    remember();
    say(`Undone. ${tally()}.`);
    if (entry) open(entry.number);
  }

  function acceptAll(entriesLeft) {
    if (!entriesLeft.length) return say("None is left to accept.");
    settle((map) => entriesLeft.forEach((entry) => map.set(entry.record, entry.choices[entry.chosen].text)));
    say(`${plural(entriesLeft.length, "suggestion")} accepted. ${tally()}.`);
    if (view.current !== null) open(view.current);
  }
  const suggested = () => left().filter((entry) => entry.chosen && !entry.lock);

  // --- What is shown ---

  /** Controls that could reorder or hide text, made visible; as `visible` does in the rest of the page. */
  const visible = (text) => text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
    (char) => `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

  /** @returns {Piece[]} a wording of somebody's own beside the original: what the two share at their ends stays. */
  function compared(before, after) {
    const [old, now] = [before, after].map((text) => text.match(/\w+|\s+|[^\w\s]/gu) ?? []);
    let head = 0, tail = 0;
    while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
    while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
    const middle = (words) => words.slice(head, words.length - tail).join("");
    return [[0, old.slice(0, head).join("")], [-1, middle(old)], [1, middle(now)], [0, old.slice(old.length - tail).join("")]];
  }

  const piecesOf = (entry, text) => entry.choices.find((choice) => choice.text === text)?.pieces ?? compared(original(entry), text);

  /** Fill a node with the pieces that one column shows.  @param {Piece[]} pieces @param {-1|1|null} hidden */
  function fill(node, pieces, hidden) {
    node.replaceChildren(...pieces.filter(([kind, text]) => kind !== hidden && text).map(([kind, text]) => {
      if (!kind) return visible(text);
      const made = document.createElement(kind < 0 ? "del" : "ins");
      made.textContent = visible(text);
      return made;
    }));
  }

  function paint(entry) {
    const state = stateOf(entry);
    const shows = JSON.stringify([state, wording(entry)]);
    if (painted.get(entry.number) === shows) return;
    painted.set(entry.number, shows);
    const pieces = piecesOf(entry, wording(entry));
    retell(entry, cards.get(entry.number));
    for (const mark of marks.get(entry.number)) {
      mark.dataset.state = state;
      const isCleaned = mark.closest(".cleaned");
      const words = mark.querySelector(".words");
      if (words && (!entry.lock || entry.chosen)) fill(words, pieces, isCleaned ? -1 : 1);
      if (mark.href) {
        const said = visible(isCleaned ? wording(entry) : original(entry));
        mark.setAttribute("aria-label", `Change ${entry.number}, ${cards.get(entry.number).dataset.severity}, ${STATES[state].toLowerCase()}: ${said || "no words"}`);
      }
    }
  }

  function tally() {
    const states = data.entries.filter(isDecided).map(stateOf);
    const parts = ["accepted", "kept", "edited"].map((state) => [states.filter((one) => one === state).length, state]);
    const detail = parts.filter(([count]) => count).map(([count, state]) => `${count} ${state}`).join(", ");
    return `${states.length} of ${data.entries.length} decided${detail && `: ${detail}`}`;
  }

  function refresh() {
    data.entries.forEach(paint);
    filter();
    byId("tally").textContent = tally();
    byId("progress").value = data.entries.length - left().length;
    const safe = left().filter((entry) => entry.safe && !entry.lock).length;
    const button = toolbar.querySelector("[data-do=safe]");
    button.textContent = `Accept all safe (${safe})`;
    button.disabled = !safe;
    toolbar.querySelector("[data-do=undo]").disabled = !past.length;
    refreshExport();
  }

  const say = (words) => { byId("said").textContent = words; };

  /** Say on the card, too, why something was not done. */
  function refuse(words) {
    say(words);
    const place = panel.querySelector(".lock");
    place.textContent = words;
    place.hidden = false;
  }

  function filter() {
    const wanted = Object.fromEntries(all("[data-filter]").map((field) => [field.dataset.filter, field.value]));
    const words = wanted.text.trim().toLowerCase();
    const keeps = (entry) => {
      const { status, severity, categories } = cards.get(entry.number).dataset;
      const state = isDecided(entry) ? "decided" : "undecided";
      return (!wanted.state || [state, status].includes(wanted.state)) && (!wanted.severity || severity === wanted.severity)
        && (!wanted.category || categories.split(" ").includes(wanted.category)) && (!words || cards.get(entry.number).textContent.toLowerCase().includes(words));
    };
    view.shown = data.entries.filter(keeps).map((entry) => entry.number);
    for (const [number, found] of marks) {
      const off = !view.shown.includes(number) && number !== view.current;
      found.forEach((mark) => {
        mark.classList.toggle("off", off);
        if (mark.href && mark.closest(".original")) mark.tabIndex = off ? -1 : 0;
      });
    }
    const at = view.shown.indexOf(view.current);
    byId("position").textContent = at < 0 ? `${view.shown.length} shown` : `${at + 1} of ${view.shown.length}`;
  }

  // --- The card ---

  /** Show an entry's card.  @param {number} number @param {{into?: boolean}} how into: move the focus to the card */
  function open(number, { into = panel.contains(document.activeElement) } = {}) {
    const entry = entries.get(number);
    const before = current();
    view.current = number;
    view.draft = null;
    for (const [other, found] of marks) found.forEach((mark) => mark.classList.toggle("current", other === number));
    panel.replaceChildren(byId("actions").content.cloneNode(true), card(entry));
    panel.hidden = false;
    panel.scrollTop = 0;
    dress(entry);
    document.body.classList.add("open");
    filter();
    if (before) paint(before);
    paint(entry);
    const mark = markOf(number);
    mark.scrollIntoView({ block: "nearest" });
    (into ? panel.querySelector("h3") : mark).focus({ preventScroll: true });
  }

  function card(entry) {
    const made = cards.get(entry.number).cloneNode(true);
    made.removeAttribute("id");
    for (const item of all(".alternative", made)) {
      const index = Number(item.dataset.choice);
      const { text, takeable } = entry.choices[index];
      const button = document.createElement("button");
      const key = document.createElement("kbd");
      key.textContent = index < 10 ? String(index) : "";
      button.type = "button";
      button.append(key, " Use");
      button.disabled = !takeable || Boolean(entry.lock);
      button.dataset.choice = String(index);
      button.setAttribute("aria-label", `Use alternative ${index}: ${visible(text) || "nothing"}`);
      button.setAttribute("aria-pressed", String(decided.get(entry.record) === text));
      item.prepend(button);
      item.classList.toggle("taken", decided.get(entry.record) === text);
    }
    return made;
  }

  /** Bring a card's state and its line of context up to date: the open one, and the one that is printed. */
  function retell(entry, place) {
    const state = stateOf(entry);
    const words = place.querySelector(".change .words");
    const shown = isDecided(entry) || view.draft !== null ? wording(entry) : entry.choices[suggestion(entry)].text;
    if (shown !== original(entry)) fill(words, piecesOf(entry, shown), null);
    else words.replaceChildren(Object.assign(document.createElement("mark"), { textContent: visible(original(entry)) }));
    const word = place.querySelector(".state");
    word.className = `state ${state}`;
    word.textContent = STATES[state];
  }

  /** Bring the open card's buttons up to date too. */
  function dress(entry) {
    const state = stateOf(entry);
    retell(entry, panel);
    const [accept, keep] = ["accept", "keep"].map((name) => panel.querySelector(`[data-do=${name}]`));
    accept.hidden = !suggestion(entry);
    panel.querySelector("[data-do=edit]").disabled = Boolean(entry.lock);
    accept.setAttribute("aria-pressed", String(state === "accepted" && wording(entry) === entry.choices[suggestion(entry)].text));
    keep.setAttribute("aria-pressed", String(state === "kept"));
    const lock = panel.querySelector(".lock");
    lock.hidden = !entry.lock;
    lock.textContent = `It cannot be changed here: ${entry.lock}.`;
  }

  function edit(entry, opened) {
    if (opened && entry.lock) return refuse(`It cannot be changed here: ${entry.lock}.`);
    const field = panel.querySelector("textarea");
    panel.querySelector(".edit").hidden = !opened;
    panel.querySelector("[data-do=edit]").setAttribute("aria-expanded", String(opened));
    field.value = isDecided(entry) ? wording(entry) : entry.choices[suggestion(entry)].text;
    view.draft = opened ? field.value : null;
    paint(entry);
    dress(entry);
    (opened ? field : panel.querySelector("[data-do=edit]")).focus();
  }

  function close() {
    if (view.current === null) return;
    const mark = markOf(view.current);
    [view.current, view.draft] = [null, null];
    panel.hidden = true;
    all("body, .mark.current").forEach((one) => one.classList.remove("open", "current"));
    refresh();
    mark.focus({ preventScroll: true });
  }

  function go(step) {
    const { shown, current } = view;
    if (!shown.length) return say("No change is shown: the filters leave none.");
    const after = step > 0 ? shown.find((number) => number > current) : shown.findLast((number) => current !== null && number < current);
    open(after ?? shown.at(step > 0 ? 0 : -1));
  }

  // --- Out and in ---

  /** The decisions as the file holds them, in its order.  @returns {Record[]} */
  function decisions() {
    /** @type {Map<number, string|null>} */
    const made = new Map();
    for (const entry of data.entries.filter(isDecided)) {
      const text = decided.get(entry.record);
      if (text !== null) made.set(entry.record, text);
      else entry.keep.forEach((record) => made.has(record) || made.set(record, null));
    }
    return Array.from(made).sort(([one], [other]) => one - other).map(([record, replacement]) => ({
      ...data.records[record], ...(reasons.has(record) && { reason: reasons.get(record) }), ...(data.article && { article: data.article }), ...(replacement !== null && { replacement }),
    }));
  }

  /** Take decisions of a file, or those remembered; returns how many entries they settle.  @param {Record[]} stored */
  function adopt(stored) {
    const nameOf = ({ rule, quote, before, after }) => JSON.stringify([rule, quote, before, after]);
    const known = new Map(stored.map((record) => [nameOf(record), record.replacement ?? null]));
    const names = data.records.map(nameOf);
    stored.filter(({ reason }) => reason).forEach((record) => reasons.set(names.indexOf(nameOf(record)), record.reason));
    let count = 0;
    for (const entry of data.entries) {
      const text = known.get(names[entry.record]);
      const isKept = entry.keep.every((record) => known.get(names[record]) === null);
      if (!isKept && (typeof text !== "string" || entry.lock)) continue;
      decided.set(entry.record, typeof text === "string" && !entry.lock ? text : null);
      count += 1;
    }
    return count;
  }

  /** The bytes of a text whose byte order mark, if any, is its first character. */
  function encoded(text, encoding) {
    if (encoding === "utf-8") return new TextEncoder().encode(text);
    const bytes = new DataView(new ArrayBuffer(2 * text.length));
    for (let at = 0; at < text.length; at += 1) bytes.setUint16(2 * at, text.charCodeAt(at), encoding === "utf-16-le");
    return bytes;
  }

  function download(name, bytes, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function exportText() {
    const text = data.text.map((part) => typeof part === "string" ? part : decided.get(part[0]) ?? part[1]).join("");
    download(data.cleaned_name, encoded(text, data.encoding), "application/octet-stream");
  }

  function exportDecisions() {
    const text = JSON.stringify({ schema_version: data.version, decisions: decisions() }, null, 2);
    download("mtcheck-decisions.json", `${text}\n`, "application/json");
  }

  function refreshExport() {
    const [count, rest] = [suggested().length, left().length];
    byId("exported").textContent = `${tally()}. ${rest ? `The ${rest} undecided stay as the original has them.` : ""}`;
    const button = document.querySelector("[data-do=accept-left]");
    button.textContent = `Accept the ${plural(count, "suggestion")} left`;
    button.parentElement.hidden = !count;
  }

  async function load(file) {
    let said = "This is no file of decisions.";
    try {
      const found = JSON.parse(await file.text()).decisions;
      past.push(new Map(decided));
      const count = adopt(found);
      refresh();
      remember();
      said = `${plural(count, "change")} decided by it. ${tally()}.`;
    } catch (error) {
      console.warn(error);
    }
    byId("imported").textContent = said;
  }

  // Where the browser remembers nothing (some do not for files opened from disk), the page works all the same.
  const STORE = `mtcheck:${data.sha256}`;
  const stored = (key, value) => {
    try {
      return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
    } catch {
      return null;
    }
  };
  const remember = () => stored(STORE, JSON.stringify(decisions()));
  const recall = () => { try { adopt(JSON.parse(stored(STORE) ?? "[]")); } catch { /* what another version stored */ } };

  function theme(turn) {
    const themes = ["auto", "light", "dark"];
    const before = stored("mtcheck:theme") ?? document.documentElement.dataset.theme ?? "auto";
    const now = themes[(Math.max(0, themes.indexOf(before)) + turn) % themes.length];
    document.documentElement.dataset.theme = now;
    toolbar.querySelector("[data-do=theme]").textContent = `Theme: ${now}`;
    if (turn) stored("mtcheck:theme", now);
  }

  // --- Keys and buttons ---

  const current = () => entries.get(view.current);
  const ACTIONS = {
    previous: () => go(-1),
    next: () => go(1),
    close,
    undo,
    accept: () => current() && suggestion(current()) && take(current(), suggestion(current())),
    keep: () => current() && decide(current(), null),
    edit: () => current() && edit(current(), view.draft === null),
    save: () => saveEdit(current(), panel.querySelector("textarea")),
    cancel: () => edit(current(), false),
    safe: () => acceptAll(left().filter((entry) => entry.safe && !entry.lock)),
    "accept-left": () => acceptAll(suggested()),
    export: () => byId("export").showModal(),
    "export-text": exportText,
    "export-decisions": exportDecisions,
    theme: () => theme(1),
    help: () => byId("help").showModal(),
    shut: (button) => button.closest("dialog").close(),
  };
  const KEYS = {
    j: "next", n: "next", ArrowRight: "next", k: "previous", p: "previous", ArrowLeft: "previous",
    a: "accept", o: "keep", e: "edit", u: "undo", x: "export", "?": "help",
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest(".mark:not(.off), .place, [data-do], button[data-choice]");
    if (!target) return;
    if (target.dataset.do) return ACTIONS[target.dataset.do](target);
    if (target.matches("button")) return take(current(), Number(target.dataset.choice));
    event.preventDefault();
    // A click from the keyboard has no pointer detail: take the reader into the card.
    open(Number(target.closest("[data-entry]").dataset.entry), { into: target.matches(".mark") && event.detail === 0 });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.matches("textarea")) {
      const name = { Enter: "save", Escape: "cancel" }[event.key];
      if (name) event.preventDefault();
      return name && ACTIONS[name]();
    }
    if (event.key === "Escape") return close();
    if (!view.keys || event.target.matches("input, select")) return;
    const name = KEYS[event.key];
    if (!name && !/^[1-9]$/.test(event.key)) return;
    event.preventDefault();
    if (name) ACTIONS[name]();
    else if (current()) take(current(), Number(event.key));
  });
  panel.addEventListener("input", (event) => {
    view.draft = event.target.value;
    paint(current());
    dress(current());
  });
  all("[data-filter]").forEach((field) => field.addEventListener("input", filter));
  byId("only-decided").addEventListener("change", (event) => { view.onlyDecided = event.target.checked; refresh(); });
  byId("keys").addEventListener("change", (event) => { view.keys = event.target.checked; stored("mtcheck:keys", String(view.keys)); });
  byId("import").addEventListener("change", (event) => event.target.files[0] && load(event.target.files[0]));

  data.entries.filter((entry) => entry.settled && (!entry.lock || !entry.chosen)).forEach((entry) => {
    decided.set(entry.record, entry.chosen ? entry.choices[entry.chosen].text : null);
  });
  recall();
  theme(0);
  view.keys = stored("mtcheck:keys") !== "false";
  byId("keys").checked = view.keys;
  document.body.classList.add("live");
  toolbar.hidden = false;
  refresh();
  // After load, so that the browser's own jump to the card in the list comes first.
  window.addEventListener("load", () => {
    const asked = /^#finding-(\d+)$/.exec(location.hash);
    if (asked && entries.has(Number(asked[1]))) open(Number(asked[1]));
  });
})();
