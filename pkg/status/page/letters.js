// The last dead letters. What they hold came with records: it is shown as text, whatever it looks like.
import { bytes, clock, count, element, say } from "./words.js";

const noted = "Payloads are not kept. KSTREAM_HTTP_PAYLOADS=true shows them here, to all who can reach this page.";

// newLetters puts them into list. update asks for them where a report knows of new ones.
export function newLetters(list, counter, note, ask) {
  let seen = null;
  return {
    async update(report) {
      const { count: all, noted: kept } = report.dead_letters;
      const of = `${report.started} ${kept}`;
      say(counter, all > 0 ? `${count(all)} since ${clock(report.started)}` : "");
      if (all === 0) say(note, "None: every record could be handled.");
      if (all > 0 && kept === 0) say(note, "They are counted and discarded: KSTREAM_DEAD_LETTER says where they could go.");
      if (of === seen || kept === 0) {
        if (kept === 0) list.replaceChildren();
        return;
      }
      const answer = await ask("api/dead-letters");
      seen = of;
      list.replaceChildren(...answer.last.map((letter) => entry(letter)));
      say(note, answer.payloads ? "" : noted);
    },
  };
}

function entry(d) {
  const about = element("div", {}, element("p", { class: "error" }, d.error), element("p", { class: "where" }, where(d)));
  if (d.payload !== undefined) about.append(element("pre", {}, element("code", {}, d.payload)));
  return element("li", {}, element("time", { datetime: d.at, class: "muted" }, clock(d.at)), element("span", { class: "mono" }, d.stage), about);
}

function where(d) {
  const parts = [];
  if (d.stream) parts.push(`${d.stream}/${d.shard}`, `${d.sequence}.${d.subsequence ?? 0}`);
  if (d.window_start) parts.push(`window ${clock(d.window_start)} to ${clock(d.window_end)}`);
  if (d.partition_key) parts.push(`key ${d.partition_key}`);
  parts.push(bytes(d.size) + (d.binary ? ", not text" : ""));
  if (d.payload !== undefined && d.size > 4096) parts.push("the first 4 KiB");
  return parts.join(" · ");
}
