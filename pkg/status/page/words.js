// What numbers look like. Every function takes undefined and null for "not known", which is an en dash.
const unknown = "–";

const known = (n) => n !== undefined && n !== null && Number.isFinite(n);

// three significant digits, and never an exponent.
function short(n) {
  if (n >= 100 || Number.isInteger(n)) return Math.round(n).toLocaleString("en");
  if (n >= 10) return n.toFixed(1);
  return n.toFixed(n >= 0.095 ? 1 : 2);
}

function scaled(n, step, units) {
  let at = 0;
  while (at < units.length - 1 && n >= step) {
    n /= step;
    at++;
  }
  return [short(n), units[at]];
}

// [number, unit] pairs, for where the unit is set apart.
export const ratePair = (n) => {
  if (!known(n)) return [unknown, ""];
  const [number, unit] = scaled(n, 1000, ["", "k", "M", "G"]);
  return [number + unit, "/s"];
};

export const bytesPair = (n) => (known(n) ? scaled(n, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]) : [unknown, ""]);

export const secondsPair = (s) => {
  if (!known(s)) return [unknown, ""];
  if (s < 1) return [Math.round(s * 1000).toString(), "ms"];
  if (s < 90) return [s < 10 ? s.toFixed(1) : Math.round(s).toString(), "s"];
  if (s < 90 * 60) return [short(s / 60), "min"];
  return s < 48 * 3600 ? [short(s / 3600), "h"] : [short(s / 86400), "d"];
};

const joined = (space) => (pair) => (n) => pair(n).filter(Boolean).join(space);

export const rate = joined("")(ratePair);
export const bytes = joined(" ")(bytesPair);
export const seconds = joined(" ")(secondsPair);
export const span = (s) => seconds(s).replace(".0 ", " ");
export const byteRate = (n) => (known(n) ? bytes(n) + "/s" : unknown);
export const count = (n) => (known(n) ? n.toLocaleString("en") : unknown);
export const many = (n, one) => count(n) + " " + (n === 1 ? one : one + "s");
export const clock = (at) => new Date(at).toLocaleTimeString("en-GB");

// moment is clock, with the date where it is not today.
export const moment = (at) => (Date.now() - new Date(at) < 20 * 3600e3 ? "" : new Date(at).toLocaleDateString("en-CA") + " ") + clock(at);

// element makes one of HTML, svg one of SVG. What is put into them is text and never markup: it may come from records.
export const element = (name, attributes, ...inside) => fill(document.createElement(name), attributes, inside);
export const svg = (name, attributes, ...inside) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, inside);

function fill(made, attributes = {}, inside) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside.filter((part) => part !== null));
  return made;
}

// say sets an element's text where it differs, so that a reader's selection and a screen reader are left in peace.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
