// Lines over time, one figure below the other, with one cursor through all of them.
import { clock, element, rate, say, seconds, svg } from "./words.js";

const high = 96;
const foot = 18; // below the last one, for the times

// A figure's keys name its series: [name, look, series]; ones gives the thin lines of single shards, and least is the lowest
// top of the scale.
const figures = [
  { id: "throughput", name: "Throughput", format: rate, least: 1, keys: [["read", "read", "read_per_second"], ["written", "written", "written_per_second"]] },
  { id: "behind", name: "Behind the tip", format: seconds, least: 1, keys: [["furthest shard", "read", "behind_seconds"], ["median", "", "behind_median_seconds"]], ones: (h) => h.shards },
  { id: "watermark", name: "Watermark behind the clock", format: seconds, least: 1, keys: [["", "written", "watermark_lag_seconds"]], optional: true },
  { id: "checkpoints", name: "Checkpoints, by how long they took", format: seconds, least: 0.01, keys: [["", "written", null]], stems: true },
];

// newCharts puts the figures into host, and into when the time that is pointed at. update takes the history and how many
// seconds of it are shown.
export function newCharts(host, when) {
  const parts = figures.map((f) => newFigure(host, f));
  const state = { history: null, span: 600, cursor: null };
  const redraw = () => {
    if (!state.history || state.history.at.length === 0) return;
    const window = shownTime(state);
    say(when, state.cursor === null ? "" : "at " + clock(state.cursor));
    const shown = parts.filter((p) => p.show(state.history));
    for (const p of shown) p.draw(state.history, window, state.cursor, p === shown.at(-1));
  };
  const point = (event) => {
    if (!state.history) return;
    const box = host.getBoundingClientRect();
    const [from, to] = shownTime(state);
    state.cursor = from + ((event.clientX - box.left) / box.width) * (to - from);
    redraw();
  };
  host.addEventListener("pointermove", point);
  host.addEventListener("pointerleave", () => {
    state.cursor = null;
    redraw();
  });
  // A sixtieth of the time shown with each press of an arrow key, from its end at first.
  host.addEventListener("keydown", ({ key }) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!state.history || (!way && key !== "Escape")) return;
    const [from, to] = shownTime(state);
    state.cursor = way ? Math.min(to, Math.max(from, (state.cursor ?? to) + (way * (to - from)) / 60)) : null;
    redraw();
  });
  new ResizeObserver(redraw).observe(host);
  return {
    update(history, span) {
      Object.assign(state, { history, span });
      redraw();
    },
  };
}

// shownTime returns from when to when is shown: the span, but no more than there is, and no less than two minutes.
function shownTime({ history: h, span }) {
  const end = Math.max(h.at.at(-1) ?? 0, h.checkpoints.at(-1)?.at ?? 0);
  return [Math.max(end - span * 1000, Math.min(h.at[0] ?? end, end - 120e3)), end];
}

function newFigure(host, f) {
  const caption = element("figcaption", {}, element("span", { class: "name" }, f.name));
  const values = f.keys.map(([name, look]) => {
    const value = element("span", { class: "key " + look });
    caption.append(value);
    return (v) => say(value, (name ? name + " " : "") + f.format(v));
  });
  const drawing = svg("svg", { role: "img", "aria-label": f.name });
  const figure = element("figure", { id: "chart-" + f.id }, caption, drawing);
  host.append(figure);
  return {
    show(h) {
      figure.hidden = f.optional === true && h[f.keys[0][2]].every((v) => v === null);
      return !figure.hidden;
    },
    draw(h, window, cursor, last) {
      const wide = host.clientWidth;
      const tall = high + (last ? foot : 4);
      drawing.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
      drawing.setAttribute("height", tall);
      const series = f.stems ? [{ at: h.checkpoints.map((c) => c.at), values: h.checkpoints.map((c) => c.took_seconds) }] : f.keys.map(([, , of]) => ({ at: h.at, values: h[of] }));
      const ones = f.ones ? f.ones(h) : [];
      const top = ceiling([f.least, ...[...series, ...ones].map((s) => highest(s, window[0]))]);
      const x = (at) => ((at - window[0]) / (window[1] - window[0])) * wide;
      const y = (v) => high - (v / top) * (high - 20);
      const marks = [...grid(wide, top, y), ...times(window, x, last)];
      const faint = Math.min(0.3, 6 / ones.length);
      for (const one of ones.length > 1 ? ones : []) marks.push(path(one, window, x, y, "series one", { opacity: faint.toFixed(2) }));
      const drawn = series.map((s, i) => (f.stems ? stems(s, window, x, y) : [path(s, window, x, y, "series " + f.keys[i][1])]));
      marks.push(...drawn.reverse().flat(), ...scale(f, top, y)); // the first one on top
      if (cursor !== null) marks.push(svg("path", { class: "cursor", d: `M${x(cursor)} 6V${high}` }));
      drawing.replaceChildren(...marks);
      series.forEach((s, i) => values[i](s.values[nearest(s.at, cursor)]));
      drawing.setAttribute("aria-label", `${f.name}: ${caption.textContent.slice(f.name.length)}, at most ${f.format(Math.max(0, ...series.map((s) => highest(s, window[0]))))} in the time shown`);
    },
  };
}

// nearest returns the place of the last value at or before a time; of the last one where none is given.
function nearest(at, time) {
  if (time === null) return at.length - 1;
  let i = at.length - 1;
  while (i > 0 && at[i] > time) i--;
  return i;
}

const highest = ({ at, values }, from) => values.reduce((most, v, i) => (v !== null && at[i] >= from && v > most ? v : most), 0);

// ceiling returns 1, 2 or 5 of a power of ten that all values are below.
function ceiling(tops) {
  const most = Math.max(...tops);
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].find((n) => n * power >= most) * power;
}

const grid = (wide, top, y) => [0, top / 2, top].map((v) => svg("path", { class: "grid", d: `M0 ${y(v)}H${wide}` }));
const scale = (f, top, y) => [top / 2, top].map((v) => svg("text", { class: "muted small over", x: 0, y: y(v) - 4 }, f.format(v).replace(".0", "")));

function times(window, x, labels) {
  const span = window[1] - window[0];
  const step = [0.5, 1, 2, 5, 10, 15].map((minutes) => minutes * 60e3).find((step) => span / step <= 6);
  const marks = [];
  for (let at = Math.ceil(window[0] / step) * step; at <= window[1]; at += step) {
    marks.push(svg("path", { class: "grid", d: `M${x(at)} ${high}v4` }));
    if (labels && x(at) > 16) marks.push(svg("text", { class: "muted small", x: x(at), y: high + foot - 2, "text-anchor": x(at) > x(window[1]) - 20 ? "end" : "middle" }, clock(at).slice(0, step < 60e3 ? 8 : 5)));
  }
  return marks;
}

// path draws a line, with a gap where a value is not known.
function path({ at, values }, window, x, y, look, more = {}) {
  let d = "";
  let pen = "M";
  for (let i = 0; i < at.length; i++) {
    if (at[i] < window[0]) continue;
    if (values[i] === null) {
      pen = "M";
      continue;
    }
    d += `${pen}${x(at[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`;
    pen = "L";
  }
  return svg("path", { class: look, d, ...more });
}

function stems({ at, values }, window, x, y) {
  return at.flatMap((t, i) => {
    if (t < window[0]) return [];
    const [px, py] = [x(t).toFixed(1), y(values[i]).toFixed(1)];
    return [svg("path", { class: "stem", d: `M${px} ${high}V${py}` }), svg("circle", { class: "head-of-stem", cx: px, cy: py, r: 2 })];
  });
}
