
"use strict";
(() => {
  const review = JSON.parse(document.getElementById("review-data").textContent);
  const panel = document.getElementById("panel");
  const toolbar = document.querySelector(".toolbar");
  if (!toolbar) return;
  const position = document.getElementById("position");
  const proposals = review.proposals.map((proposal) => proposal.id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const marksOf = (id) => all(`.mark[data-entry="${id}"]`);
  const state = { current: null, shown: new Set(proposals) };

  function open(id, { intoPanel = false } = {}) {
    state.current = id;
    all(".mark.current").forEach((mark) => mark.classList.remove("current"));
    marksOf(id).forEach((mark) => mark.classList.add("current"));
    const card = document.getElementById(`finding-${id}`).cloneNode(true);
    card.removeAttribute("id");
    panel.replaceChildren(bar(), card);
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("open");
    tell();
    const mark = document.querySelector(`.original .mark[data-entry="${id}"]`);
    mark.scrollIntoView({ block: "nearest" });
    (intoPanel ? card.querySelector("h3") : mark).focus({ preventScroll: true });
  }

  function bar() {
    const button = (key, word, act) => {
      const made = document.createElement("button");
      const label = document.createElement("kbd");
      label.textContent = key;
      made.type = "button";
      made.append(label, ` ${word}`);
      made.addEventListener("click", act);
      return made;
    };
    const box = document.createElement("div");
    box.className = "panel-bar";
    box.append(button("p", "Previous", () => go(-1)), button("n", "Next", () => go(1)), button("Esc", "Close", shut));
    return box;
  }

  function shut() {
    if (state.current === null) return;
    const mark = document.querySelector(`.original .mark[data-entry="${state.current}"]`);
    all(".mark.current").forEach((one) => one.classList.remove("current"));
    state.current = null;
    panel.hidden = true;
    document.body.classList.remove("open");
    tell();
    mark.focus({ preventScroll: true });
  }

  function go(step) {
    const ids = proposals.filter((id) => state.shown.has(id));
    if (!ids.length) return;
    const at = ids.indexOf(state.current);
    open(at < 0 ? ids[step > 0 ? 0 : ids.length - 1] : ids[(at + step + ids.length) % ids.length]);
  }

  function filter() {
    const wanted = (kind) => new Set(all(`input[data-filter="${kind}"]:checked`).map((box) => box.value));
    const [statuses, severities] = [wanted("status"), wanted("severity")];
    const keeps = (node) => statuses.has(node.dataset.status) && severities.has(node.dataset.severity);
    state.shown = new Set(all("#findings > .card").filter(keeps).map((card) => Number(card.dataset.entry)));
    all("#findings > .card").forEach((card) => { card.hidden = !keeps(card); });
    all(".mark").forEach((mark) => {
      mark.classList.toggle("off", !keeps(mark));
      if (mark.closest(".original") && mark.href) mark.tabIndex = keeps(mark) ? 0 : -1;
    });
    if (state.current !== null && !state.shown.has(state.current)) shut();
    tell();
  }

  function tell() {
    const ids = proposals.filter((id) => state.shown.has(id));
    const at = ids.indexOf(state.current);
    position.textContent = at < 0 ? `${ids.length} shown` : `${at + 1} of ${ids.length}`;
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest(".mark:not(.off), .place, [data-go]");
    if (!target) return;
    if (target.matches("[data-go]")) return go(Number(target.dataset.go));
    event.preventDefault();
    // A click from the keyboard has no pointer detail: take the reader into the panel.
    open(Number(target.closest("[data-entry]").dataset.entry), { intoPanel: target.matches(".mark") && event.detail === 0 });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=text], textarea, [contenteditable]")) return;
    if (event.key === "n" || event.key === "j") go(1);
    else if (event.key === "p" || event.key === "k") go(-1);
    else if (event.key === "Escape") shut();
  });
  toolbar.addEventListener("change", filter);
  toolbar.hidden = false;
  tell();
  // After load, so that the browser's own jump to the card in the list comes first.
  window.addEventListener("load", () => {
    const asked = /^#finding-(\d+)$/.exec(location.hash);
    if (asked && state.shown.has(Number(asked[1]))) open(Number(asked[1]));
  });
})();
