// The figures at the top: how fast, how far behind, how safe.
import { byteRate, bytes, bytesPair, clock, count, element, many, rate, ratePair, say, seconds, secondsPair, span } from "./words.js";

// Each figure: its id and name, and what it says of a report: [number, unit], a line under it, and warn or bad. Null hides it.
const figures = [
  { id: "read", name: "Read", of: (r) => ({ value: ratePair(sum(r.sources, "records")), under: `${byteRate(sum(r.sources, "bytes"))} · ${count(r.sources.reduce((n, s) => n + s.records, 0))} in all` }) },
  { id: "written", name: "Written", of: written },
  { id: "behind", name: "Behind the tip", of: behind },
  { id: "watermark", name: "Watermark", of: (r) => r.watermark && { value: secondsPair(Math.max(0, r.watermark.lag_seconds)), under: `behind, at ${clock(r.watermark.at)}` } },
  { id: "checkpoint", name: "Checkpoint", of: checkpoint },
  { id: "buffer", name: "Buffer", of: (r) => ({ value: bytesPair(r.buffer.used), under: `of ${bytes(r.buffer.limit)}` }) },
  { id: "state", name: "State", of: (r) => r.state && { value: [count(r.state.keys), r.state.keys === 1 ? "key" : "keys"], under: `${bytes(r.state.bytes)} in memory` } },
  { id: "dead-letters", name: "Dead letters", of: deadLetters },
  { id: "throttled", name: "Throttled calls", of: throttled },
];

const sum = (sources, what) => sources.reduce((n, s) => n + s.per_second[what], 0);

function written(r) {
  const sink = r.outputs[0];
  return sink && { value: ratePair(sink.per_second.records), under: `${byteRate(sink.per_second.bytes)} · ${count(sink.records)} in all` };
}

function behind(r) {
  const worst = r.sources.reduce((most, s) => Math.max(most, s.behind_seconds ?? -1), -1);
  const shards = r.sources.reduce((n, s) => n + s.partitions, 0);
  return { value: secondsPair(worst < 0 ? null : worst), under: ["no shard yet", "its one shard"][shards] ?? `the furthest of ${many(shards, "shard")}` };
}

function checkpoint({ checkpoint: c }) {
  if (c.age_seconds === undefined) return { value: secondsPair(null), under: "none yet" };
  const stale = c.age_seconds > 3 * c.interval_seconds + 10;
  const took = c.took_seconds === undefined ? "" : `took ${seconds(c.took_seconds)}, `;
  return { value: secondsPair(c.age_seconds), under: `ago · ${took}every ${span(c.interval_seconds)}`, look: stale ? "warn" : "" };
}

function deadLetters({ dead_letters: { count: n }, stages }) {
  const now = stages.reduce((all, s) => all + s.per_second.dead_letter, 0);
  return { value: [count(n), ""], under: now >= 0.05 ? rate(now) + " now" : n > 0 ? "none now" : "all could be handled", look: now >= 0.05 ? "bad" : "" };
}

function throttled({ throttles }) {
  if (throttles.length === 0) return null;
  const worst = throttles.reduce((a, b) => (b.count > a.count ? b : a));
  return { value: [count(throttles.reduce((n, t) => n + t.count, 0)), ""], under: `most ${worst.call} of ${worst.stream}` };
}

// newFigures puts the figures into list, a dl.
export function newFigures(list) {
  const parts = figures.map((f) => {
    const number = element("span", { class: "number" });
    const unit = element("span", { class: "unit" });
    const value = element("dd", {}, number, " ", unit);
    const under = element("dd", { class: "under" });
    const group = element("div", { id: "figure-" + f.id }, element("dt", {}, f.name), value, under);
    list.append(group);
    return { f, number, unit, value, under, group };
  });
  return {
    update(report) {
      let shown = 0;
      for (const p of parts) {
        const says = p.f.of(report);
        p.group.hidden = !says;
        if (!says) continue;
        shown++;
        say(p.number, says.value[0]);
        say(p.unit, says.value[1]);
        say(p.under, says.under);
        p.value.className = says.look ?? "";
      }
      // One row, or two that are as full as can be.
      list.style.setProperty("--columns", shown > 6 ? Math.ceil(shown / 2) : shown);
    },
  };
}

// tell fills the table of stages: the graph for those who would rather read.
export function tell(table, stages) {
  const body = table.tBodies[0];
  body.replaceChildren(
    ...stages.map(({ stage, text, records: r }) => {
      const cells = [r.in, r.out, r.filtered, r.late, r.dead_letter, r.mismatch].map((n) => element("td", {}, count(n)));
      return element("tr", {}, element("th", { scope: "row", class: "mono", title: text }, stage), ...cells);
    }),
  );
}
