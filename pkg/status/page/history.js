// The last hour, as the answers have told of it: each brings what is younger than the one before.
const hour = 3600e3;
const series = ["read_per_second", "written_per_second", "behind_seconds", "behind_median_seconds", "watermark_lag_seconds"];

export function newHistory() {
  const h = { at: [], shards: [], checkpoints: [] };
  for (const name of series) h[name] = [];
  return h;
}

// last returns the time of the youngest sample, 0 of none: what to ask for the next ones with.
export const last = (h) => h.at.at(-1) ?? 0;

// add appends what an answer brought, and forgets what is older than an hour.
export function add(h, more) {
  h.at.push(...more.at);
  for (const name of series) h[name].push(...(more[name] ?? []));
  h.checkpoints.push(...more.checkpoints.filter((c) => c.at > (h.checkpoints.at(-1)?.at ?? 0)));
  const known = new Map(h.shards.map((s) => [s.stream + "/" + s.shard, s]));
  h.shards = more.shards.map(({ stream, shard, behind_seconds: values }) => {
    const line = known.get(stream + "/" + shard) ?? { stream, shard, at: [], values: [] };
    line.at.push(...more.at.slice(more.at.length - (values ?? []).length));
    line.values.push(...(values ?? []));
    return line;
  });
  const from = last(h) - hour;
  const old = h.at.findIndex((at) => at >= from);
  if (old > 0) for (const name of ["at", ...series]) h[name].splice(0, old);
  h.checkpoints = h.checkpoints.filter((c) => c.at >= from);
  for (const line of h.shards) {
    const before = line.at.findIndex((at) => at >= from);
    if (before > 0) for (const list of [line.at, line.values]) list.splice(0, before);
  }
}
