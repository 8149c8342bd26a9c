// Asks the process how it is, again and again, and shows it.
import { newCharts } from "./charts.js";
import { newFigures, tell } from "./figures.js";
import { draw } from "./graph.js";
import { add, last, newHistory } from "./history.js";
import { newLetters } from "./letters.js";
import { newShards } from "./shards.js";
import { clock, say, seconds } from "./words.js";

const $ = (id) => document.getElementById(id);
const patience = 5000; // milliseconds for an answer
const page = {
  figures: newFigures($("figures")),
  charts: newCharts($("charts"), $("when")),
  shards: newShards($("shards"), $("search"), $("more"), $("shards-count")),
  letters: newLetters($("letters"), $("letters-count"), $("letters-note"), ask),
};
let history = newHistory();
let report = null;
let span = 600;
let answered = null; // when the last answer came

async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(patience), cache: "no-store" });
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}

// look asks and shows, and sees to it that it is called again.
async function look() {
  let wait = 2000;
  try {
    let next = await ask(`api/status?since=${last(history)}`).catch(gone);
    if (next && report && next.started !== report.started) {
      history = newHistory(); // another process: what this answer left out is its history too
      next = await ask("api/status").catch(gone);
    }
    if (!next) return;
    report = next;
    answered = Date.now();
    add(history, report.history);
    show();
    if (report.partitions.length > 1000) wait = 5000; // an answer has megabytes
    await page.letters.update(report).catch(() => null); // the next look says whether it has gone
  } finally {
    setTimeout(look, wait);
  }
}

function show() {
  const { health, ready } = report;
  const streams = report.sources.map((s) => s.stream);
  const named = streams.length > 3 ? `${streams.slice(0, 2).join(", ")} and ${streams.length - 2} more` : streams.join(", ");
  say($("about"), [named, `version ${report.version}`, `up ${seconds((new Date(report.now) - new Date(report.started)) / 1000)}`].filter(Boolean).join(" · "));
  state(...(!health.ok ? ["stuck", `stuck: ${health.says}`] : ready.ok ? ["running", "running"] : ["starting", ready.says]));
  $("gone").hidden = true;
  document.title = named ? `${named} – kstream` : "kstream";
  page.figures.update(report);
  tell($("stages"), report.stages);
  page.charts.update(history, span);
  page.shards.update(report.partitions, history.shards);
  graph();
}

// graph draws anew, but not under a reader's selection.
function graph() {
  const selected = getSelection();
  if (selected.isCollapsed || !$("graph").contains(selected.anchorNode)) draw($("graph"), report);
}

function state(word, says) {
  document.body.dataset.state = word;
  say($("state-text"), says);
}

function gone() {
  state("gone", "no answer");
  document.title = "no answer – kstream";
  const since = answered === null ? "yet." : `since ${clock(answered)}. What stands below is how it was then.`;
  say($("gone"), `No answer ${since} Asking again every 2 s.`);
  $("gone").hidden = false;
}

// pressed marks one of a group of buttons.
function pressed(button) {
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
}

for (const button of document.querySelectorAll("[data-span]")) {
  button.addEventListener("click", () => {
    span = Number(button.dataset.span);
    pressed(button);
    page.charts.update(history, span);
  });
}

for (const button of document.querySelectorAll("button[data-theme]")) {
  button.addEventListener("click", () => {
    theme(button.dataset.theme);
    localStorage.setItem("theme", button.dataset.theme);
  });
}

function theme(name) {
  const button = document.querySelector(`button[data-theme="${name}"]`);
  if (!button) return;
  document.documentElement.dataset.theme = name;
  pressed(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && document.activeElement !== $("search")) {
    event.preventDefault();
    $("search").focus();
  }
});

new ResizeObserver(() => report && graph()).observe($("graph"));
theme(localStorage.getItem("theme") ?? "auto");
look();
