/** `@lockscope/sync/patterns`. See `index.ts`. */
export const patterns = `
function orDone(ctx, ch) {
  const out = new Channel(0);
  go(async () => {
    try {
      for (let open = true; open; ) {
        open = await select(
          onReceive(ctx.done, () => false),
          onReceive(ch, async (value, ok) => ok && (await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))),
        );
      }
    } finally { out.close(); }
  }, { name: "orDone" });
  return out;
}
function stream(ctx, values) {
  const out = new Channel(0);
  go(async () => {
    try { for (const value of values) if (!(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; } finally { out.close(); }
  }, { name: "stream" });
  return out;
}
function map(ctx, ch, fn) {
  const out = new Channel(0);
  go(async () => {
    try { for await (const value of orDone(ctx, ch)) { const made = await fn(value); if (!(await select(onReceive(ctx.done, () => false), onSend(out, made, () => true)))) return; } } finally { out.close(); }
  }, { name: "map" });
  return out;
}
function filter(ctx, ch, keep) {
  const out = new Channel(0);
  go(async () => {
    try { for await (const value of orDone(ctx, ch)) if (keep(value) && !(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; } finally { out.close(); }
  }, { name: "filter" });
  return out;
}
function fanIn(ctx, ...channels) {
  const out = new Channel(0); const wg = new WaitGroup();
  for (const each of channels) wg.go(async () => { for await (const value of orDone(ctx, each)) if (!(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; });
  go(async () => { await wg.wait(); out.close(); }, { name: "fanIn" });
  return out;
}
`;
