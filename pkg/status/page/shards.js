// The table of shards: those that are furthest behind first, and never more rows than a person looks at.
import { byteRate, count, element, moment, rate, say, seconds, svg } from "./words.js";

const step = 50; // rows at first, and with each "more"

// upTo is the arrival time up to which a shard has been handled, or the place from which it will be.
const upTo = (p) => (p.handled_to ? moment(p.handled_to) : ["oldest", "latest", p.position.time ? "from " + moment(p.position.time) : ""][p.position.where] ?? "");

const number = (v) => v ?? -1;

// Columns: name, what it sorts by, what it says, whether larger is first.
const columns = [
  { name: "Shard", by: (p) => p.stream + "/" + p.shard, up: true },
  { name: "Behind", by: (p) => number(p.behind_seconds), says: (p) => seconds(p.behind_seconds) },
  { name: "Last minutes", line: true },
  { name: "Records", by: (p) => p.per_second.records, says: (p) => rate(p.per_second.records) },
  { name: "Bytes", by: (p) => p.per_second.bytes, says: (p) => byteRate(p.per_second.bytes) },
  { name: "In all", by: (p) => p.records, says: (p) => count(p.records) },
  { name: "Kept for another", by: left, up: true, says: (p) => seconds(left(p)), look: (p) => (left(p) < 6 * 3600 ? "bad" : "") },
  { name: "Handled to", by: (p) => p.handled_to ?? "", up: true, says: upTo },
];

// left is how long the service still keeps what has not been handled, undefined where that is not known.
function left(p) {
  return p.retention_seconds && p.behind_seconds !== undefined ? p.retention_seconds - p.behind_seconds : undefined;
}

export function newShards(table, search, more, counter) {
  const state = { partitions: [], lines: new Map(), by: columns[1], reverse: false, rows: step, many: true };
  const rows = new Map();
  const redraw = () => {
    const words = search.value.trim().toLowerCase();
    const found = state.partitions.filter((p) => !words || `${p.stream}/${p.shard}`.toLowerCase().includes(words));
    found.sort(order(state));
    const shown = found.slice(0, state.rows);
    table.tBodies[0].replaceChildren(...shown.map((p) => row(rows, p, state)));
    const known = new Set(shown.map(key));
    for (const k of rows.keys()) if (!known.has(k)) rows.delete(k);
    say(counter, words ? `${count(found.length)} of ${count(state.partitions.length)}` : count(state.partitions.length));
    more.hidden = found.length <= shown.length;
    say(more, `Show ${Math.min(step * 4, found.length - shown.length)} more of ${count(found.length - shown.length)}`);
  };
  heads(table, state, redraw);
  search.addEventListener("input", () => {
    state.rows = step;
    redraw();
  });
  more.addEventListener("click", () => {
    state.rows += step * 4;
    redraw();
  });
  return {
    update(partitions, lines) {
      state.partitions = partitions;
      state.lines = new Map(lines.map((l) => [key(l), l]));
      state.many = new Set(partitions.map((p) => p.stream)).size > 1;
      redraw();
    },
  };
}

const key = (p) => p.stream + "/" + p.shard;

function order({ by, reverse }) {
  const sign = (by.up ? 1 : -1) * (reverse ? -1 : 1);
  return (a, b) => {
    const [x, y] = [by.by(a), by.by(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    if (x !== y) return x < y ? -sign : sign;
    return key(a) < key(b) ? -1 : 1;
  };
}

function heads(table, state, redraw) {
  const cells = columns.map((column) => {
    const cell = element("th", { scope: "col" });
    if (!column.by) {
      cell.append(column.name);
      return cell;
    }
    const button = element("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      state.reverse = state.by === column && !state.reverse;
      state.by = column;
      mark();
      redraw();
    });
    cell.append(button);
    return cell;
  });
  const mark = () => columns.forEach((column, i) => {
    cells[i].removeAttribute("aria-sort");
    if (column === state.by) cells[i].setAttribute("aria-sort", Boolean(column.up) === state.reverse ? "descending" : "ascending");
  });
  mark();
  table.tHead.rows[0].append(...cells);
}

// row returns a shard's row, the one that is there already where there is one.
function row(rows, p, state) {
  let made = rows.get(key(p));
  if (!made) {
    made = element("tr", { "data-shard": key(p) }, element("th", { scope: "row", class: "mono" }));
    for (const column of columns.slice(1)) made.append(column.line ? element("td", {}, svg("svg", { "aria-hidden": "true", viewBox: "0 0 120 20", preserveAspectRatio: "none" }, svg("path", { class: "series read" }))) : element("td"));
    rows.set(key(p), made);
  }
  say(made.cells[0], state.many ? key(p) : p.shard);
  made.title = p.position.sequence ? `handled to ${p.position.sequence}` : "";
  columns.forEach((column, i) => {
    if (column.line) trend(made.cells[i], state.lines.get(key(p)));
    if (!column.says) return;
    say(made.cells[i], column.says(p));
    made.cells[i].className = column.look ? column.look(p) : "";
  });
  return made;
}

// trend draws how far a shard was behind, from nothing up to the most.
function trend(cell, line) {
  const known = (line?.values ?? []).slice(-300);
  const most = Math.max(1, ...known.filter((v) => v !== null));
  let d = "";
  known.forEach((v, i) => {
    if (v !== null) d += `${d ? "L" : "M"}${((i / Math.max(1, known.length - 1)) * 119 + 0.5).toFixed(1)} ${(19 - (v / most) * 17).toFixed(1)}`;
  });
  cell.querySelector("path").setAttribute("d", d);
}
