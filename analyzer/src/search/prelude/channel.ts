/** `@lockscope/sync/channel`. See `index.ts`. */
export const channel = `
class Channel {
  constructor(capacity, options) { $capacity(this, capacity); }
  static nil() { const c = new Channel(0); $nil(c); return c; }
}
function onReceive(channel, run) { return { kind: "receive", channel, run }; }
function onSend(channel, value, run) { return { kind: "send", channel, value, run }; }
function otherwise(run) { return { kind: "default", run }; }
async function select(...cases) {
  const [index, value, ok] = await $select(cases);
  const chosen = cases[index];
  return chosen.kind === "receive" ? await chosen.run(value, ok) : await chosen.run();
}
function after(ms) { const c = new Channel(1); $timer(ms, c); return c; }
class Timer {
  constructor(ms) { this.c = new Channel(1); this.timer = $timer(ms, this.c); }
  stop() { return $stop(this.timer); }
  reset(ms) { const pending = $stop(this.timer); $poll(this.c); this.timer = $timer(ms, this.c); return pending; }
  [Symbol.dispose]() { $stop(this.timer); }
}
function tick(ms) {
  const c = new Channel(1); const timer = $timer(ms, c, true);
  c[Symbol.dispose] = () => { $stop(timer); };
  return c;
}
`;
