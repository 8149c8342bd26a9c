// The chain as a graph: streams at the top, stage below stage, outputs at the bottom. What leaves the flow leaves to the right.
import { count, many, rate, seconds, svg } from "./words.js";

const line = 17; // the height of a line of text
const pad = 10; // of a band around its stages
const gap = 34; // between two nodes

// draw puts the graph of a report into host.
export function draw(host, report) {
  const wide = host.clientWidth;
  const narrow = wide < 470;
  const pen = { y: 0, wide, narrow, node: Math.round(Math.min(wide * (narrow ? 0.57 : 0.62), 420)), layers: [[], [], []], letters: [] };
  let flow = sources(pen, report);
  let part = 0;
  for (const group of groups(report.stages)) {
    if (group.part > part) exchange(pen, report.stages, group, flow);
    else edge(pen, flow, "source");
    part = group.part;
    flow = band(pen, report, group, flow);
  }
  edge(pen, flow, "output");
  outputs(pen, report);
  const drawing = svg("svg", { viewBox: `0 0 ${wide} ${pen.y}`, height: pen.y, role: "img", "aria-label": inWords(report) });
  drawing.append(...pen.layers.flat());
  host.replaceChildren(drawing);
}

function inWords(report) {
  const streams = report.sources.map((s) => s.stream).join(", ") || "the source";
  const end = report.outputs[0]?.output ?? "the output";
  return `From ${streams} through ${many(report.stages.length, "stage")} to ${end}. The table below says what became of records at each.`;
}

// groups parts the stages by where they run.
function groups(stages) {
  const list = [];
  for (const stage of stages) {
    if (list.at(-1)?.part !== stage.part) list.push({ part: stage.part, stages: [] });
    list.at(-1).stages.push(stage);
  }
  return list;
}

function sources(pen, report) {
  const most = pen.narrow ? 2 : 3;
  let shown = report.sources;
  if (shown.length > most) {
    const others = shown.slice(most - 1);
    shown = [...shown.slice(0, most - 1), { stream: `and ${others.length} more`, partitions: others.reduce((n, s) => n + s.partitions, 0) }];
  }
  if (shown.length === 0) shown = [{ stream: "source", partitions: 0 }];
  const width = (pen.node - 12 * (shown.length - 1)) / shown.length;
  shown.forEach((source, i) => {
    const x = pad + i * (width + 12);
    const behind = source.behind_seconds === undefined ? "" : ` · ${seconds(source.behind_seconds)} behind`;
    const title = `${source.stream}: ${many(source.partitions, "shard")}${behind}`;
    const g = node(pen, x, width, 46, "node end", title, { "data-source": source.stream });
    text(g, x + 12, pen.y + 19, cut(source.stream, width - 20), "strong");
    text(g, x + 12, pen.y + 35, cut(many(source.partitions, "shard") + behind, width - 20, 6.1), "muted small");
    if (shown.length > 1) merge(pen, x + width / 2, source.per_second?.records);
  });
  pen.y += 46 + (shown.length > 1 ? 18 : 0);
  return report.sources.reduce((sum, s) => sum + s.per_second.records, 0);
}

// merge leads a line from a node of several to the spine.
function merge(pen, x, records) {
  const top = pen.y + 46;
  pen.layers[0].push(svg("path", { class: flowClass(records), "stroke-width": thickness(records), d: `M${x} ${top}C${x} ${top + 14} ${spine(pen)} ${top + 4} ${spine(pen)} ${top + 20}` }));
}

const spine = (pen) => pad + Math.min(64, pen.node / 3);
const thickness = (records) => (records > 0 ? Math.min(9, 1.6 + 1.5 * Math.log10(1 + records)).toFixed(2) : 1.4);
const flowClass = (records) => (records > 0 ? "flow" : "flow still");

// edge draws the spine on to the next node, with the rate beside it.
function edge(pen, records, from) {
  const x = spine(pen);
  pen.layers[0].push(svg("path", { class: flowClass(records), "stroke-width": thickness(records), d: `M${x} ${pen.y}V${pen.y + gap}` }));
  text(pen.layers[2], x + 14, pen.y + gap / 2 + 4, rate(records), "small", { "data-edge": from });
  pen.y += gap;
}

// exchange draws how records go over from all lanes or tasks to the tasks of the next part.
function exchange(pen, stages, group, records) {
  const keys = stages.filter((s) => s.part < group.part && s.stage.endsWith(":key_by"));
  const by = keys.length > 0 ? keys.at(-1).text.replace(/^key_by\s+/, "by ") : group.stages[0].text.startsWith("dedupe") ? "by value" : "into one";
  const high = 50;
  const xs = [-22, 0, 22].map((dx) => spine(pen) + dx);
  for (const from of xs) {
    for (const to of xs) {
      const d = `M${from} ${pen.y}C${from} ${pen.y + high / 2} ${to} ${pen.y + high / 2} ${to} ${pen.y + high}`;
      pen.layers[0].push(svg("path", { class: flowClass(records), "stroke-width": from === to ? 1.8 : 1.1, d }));
    }
  }
  const x = xs.at(-1) + 16;
  text(pen.layers[2], x, pen.y + high / 2 - 3, rate(records), "small", { "data-edge": "exchange" });
  text(pen.layers[2], x, pen.y + high / 2 + 13, cut("exchanged " + by, pen.node + pad - x, 6.1), "muted small");
  pen.y += high;
}

function band(pen, report, group, flow) {
  const lanes = report.sources.reduce((n, s) => n + s.partitions, 0);
  const where = group.part === 0 ? `in ${many(lanes, "lane")}, one a shard` : "in tasks, one a range of keys";
  const top = pen.y;
  text(pen.layers[1], 2 * pad, top + 17, where, "muted small");
  pen.y += 26;
  group.stages.forEach((stage, i) => {
    if (i > 0) edge(pen, flow, group.stages[i - 1].stage);
    flow = stageNode(pen, stage, flow);
  });
  pen.y += pad;
  pen.layers[0].push(svg("rect", { class: "band", x: 0, y: top, width: pen.node + 2 * pad, height: pen.y - top, rx: 10 }));
  pen.layers[0].unshift(pen.layers[0].pop()); // below the edges
  return flow;
}

// stageNode draws a stage with what leaves the flow there, and returns the rate at which records leave it for the next.
function stageNode(pen, stage, before) {
  const lines = wrap(stage.text, Math.floor((pen.node - 46) / 7.55), 6);
  const drops = dropsOf(stage);
  const each = pen.narrow ? 2 : 1;
  const high = Math.max(lines.length * line + 17, drops.length * each * 15 + 8);
  const g = node(pen, pad, pen.node, high, "node", `${stage.stage}\n${stage.text}`, { "data-stage": stage.stage });
  const first = pen.y + (high - (lines.length - 1) * line) / 2 + 4.5;
  text(g, pad + 12, first, stage.assumed ? "·" : stage.stage.split(":")[0], "muted small mono");
  lines.forEach((words, i) => {
    const [verb, rest] = i === 0 && !stage.assumed ? [words.split(" ")[0], words.slice(words.split(" ")[0].length)] : ["", words];
    const t = text(g, pad + 34, first + i * line, "", stage.assumed ? "mono muted" : "mono");
    t.append(svg("tspan", { class: "strong" }, verb), svg("tspan", {}, rest));
  });
  const top = pen.y + high / 2 - ((drops.length - 1) * each * 15) / 2;
  drops.forEach((drop, i) => branch(pen, top + i * each * 15, drop, stage.stage));
  pen.y += high;
  const meterless = stage.records.in === 0 && stage.records.out === 0;
  return meterless ? before : stage.per_second.out;
}

const kinds = [
  ["filtered", "filtered", ""],
  ["late", "late", "warn"],
  ["dead_letter", "dead letters", "bad"],
  ["mismatch", "wrong type", "warn"],
];

function dropsOf(stage) {
  return kinds.filter(([of]) => stage.records[of] > 0).map(([of, name, look]) => ({ of, name, look, total: stage.records[of], rate: stage.per_second[of] }));
}

// branch leads to the right what does not go on, and says how much it is.
function branch(pen, y, drop, stage) {
  const from = pad + pen.node;
  const to = from + pad + 16;
  const collected = drop.of === "dead_letter";
  pen.layers[1].push(svg("path", { class: "drop " + drop.look, d: `M${from} ${y}H${collected ? to - 6 : to}`, ...(drop.of === "mismatch" ? { "stroke-dasharray": "2 3" } : {}) }));
  if (collected) pen.letters.push(y);
  const amount = (drop.rate >= 0.05 ? rate(drop.rate) + " · " : "") + count(drop.total);
  const look = drop.look || "muted";
  const says = { "data-drop": `${stage} ${drop.of}` };
  if (pen.narrow) {
    text(pen.layers[2], to + 7, y - 3, drop.name, "small " + look);
    text(pen.layers[2], to + 7, y + 11, amount, "small " + look, says);
    return;
  }
  const t = text(pen.layers[2], to + 7, y + 4, "", "small " + look, says);
  t.append(svg("tspan", {}, drop.name + " "), svg("tspan", {}, amount));
}

function outputs(pen, report) {
  const [sink, letters] = report.outputs;
  if (!sink) return;
  const g = node(pen, pad, pen.node, 46, "node end", `${sink.output} ${sink.target}`, { "data-output": sink.output });
  text(g, pad + 12, pen.y + 19, cut(sink.output + (sink.target ? " " + sink.target : ""), pen.node - 20), "strong");
  text(g, pad + 12, pen.y + 35, cut(`${many(sink.records, "record")} written`, pen.node - 20, 6.1), "muted small");
  if (sink.refused > 0) branch(pen, pen.y + 23, { of: "dead_letter", name: "dead letters", look: "bad", total: sink.refused, rate: 0 }, "sink");
  pen.y += 46;
  if (pen.letters.length > 0) collect(pen, letters);
}

// collect leads all dead letters down to where they are written.
function collect(pen, letters) {
  const x = 2 * pad + pen.node + 10;
  const target = letters ? (letters.target === "log" ? "the log" : letters.target) : "nowhere: DEAD_LETTER is discard";
  pen.y += 14;
  pen.layers[0].push(svg("path", { class: "drop bad", d: `M${x} ${pen.letters[0]}V${pen.y}` }));
  const left = pen.narrow ? pad : pad + pen.node / 2;
  const g = node(pen, left, pen.wide - left - 1, 34, "node refused", `dead letters: ${target}`, { "data-output": "dead_letters" });
  text(g, left + 12, pen.y + 21, cut(`dead letters to ${target}`, pen.wide - left - 20, 6.3), "small bad");
  pen.y += 36;
}

function node(pen, x, width, height, look, title, attributes) {
  const g = svg("g", attributes, svg("title", {}, title), svg("rect", { class: look, x, y: pen.y, width, height, rx: 7 }));
  pen.layers[1].push(g);
  return g;
}

// text appends text to a group or layer; it is text, whatever it holds.
function text(to, x, y, words, look, attributes = {}) {
  const t = svg("text", { x, y, class: look, ...attributes }, words);
  if (to instanceof Array) to.push(t);
  else to.append(t);
  return t;
}

// cut shortens text to a width in pixels, at about so many a character.
function cut(words, width, each = 7.2) {
  const room = Math.max(4, Math.floor(width / each));
  return words.length <= room ? words : words.slice(0, room - 1) + "…";
}

// wrap breaks text behind spaces into at most so many lines of at most so many characters.
function wrap(words, room, most) {
  const lines = [""];
  for (let word of words.trim().split(/\s+/)) {
    if (lines.at(-1) && lines.at(-1).length + 1 + word.length > room) lines.push("");
    while (word.length > room) {
      lines[lines.length - 1] += word.slice(0, room);
      word = word.slice(room);
      lines.push("");
    }
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  if (lines.length <= most) return lines;
  const last = lines[most - 1];
  return [...lines.slice(0, most - 1), last.slice(0, room - 1) + "…"];
}
