/** `@lockscope/sync/context`. See `index.ts`. */
export const context = `
class CanceledError extends Error {}
class DeadlineExceededError extends Error {}
class Context {
  controller = new AbortController(); done = new Channel(0); err = undefined; deadline = undefined; why = undefined; children = []; after = [];
  constructor(parent, key, stored) { this.parent = parent; this.key = key; this.stored = stored; this.signal = this.controller.signal; }
  value(key) { if (this.key === key) return this.stored; return this.parent?.value(key); }
  cancel(error, why) {
    if (this.err !== undefined) return;
    this.err = error; this.why = why ?? error;
    this.done.close();
    this.controller.abort(error);
    for (const child of this.children) child.cancel(error, this.why);
    for (const fn of this.after) go(fn);
  }
}
const root = new Context();
function background() { return new Context(); }
function todo() { return new Context(); }
function derive(parent) {
  const child = new Context(parent);
  if (parent.err !== undefined) child.cancel(parent.err, parent.why); else if (parent.children) parent.children.push(child);
  return child;
}
function withCancel(parent) { const child = derive(parent); return [child, () => child.cancel(new CanceledError("context canceled"))]; }
function withCancelCause(parent) { const child = derive(parent); return [child, (why) => child.cancel(new CanceledError("context canceled"), why)]; }
function withTimeout(parent, ms) {
  const child = derive(parent);
  const timer = $timer(ms, () => child.cancel(new DeadlineExceededError("context deadline exceeded")));
  return [child, () => { $stop(timer); child.cancel(new CanceledError("context canceled")); }];
}
function withDeadline(parent, at) { return withTimeout(parent, $unknown()); }
function withValue(parent, key, value) { const child = derive(parent); child.key = key; child.stored = value; return child; }
function withoutCancel(parent) { return new Context(parent); }
function afterFunc(ctx, fn) {
  if (ctx.err !== undefined) { go(fn); return () => false; }
  ctx.after.push(fn);
  return () => { const at = ctx.after.indexOf(fn); if (at < 0) return false; ctx.after.splice(at, 1); return true; };
}
function cause(ctx) { return ctx.why; }
`;
