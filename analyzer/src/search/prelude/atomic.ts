/** `@lockscope/sync/atomic`. See `index.ts`. */
export const atomic = `
class Number$ {
  constructor(initial = 0) { this.current = initial; }
  load() { return this.current; }
  store(value) { this.current = value; }
  add(delta) { const before = this.current; this.current = before + delta; return before; }
  swap(value) { const before = this.current; this.current = value; return before; }
  compareAndSwap(old, next) { if (this.current !== old) return false; this.current = next; return true; }
  and(mask) { const before = this.current; this.current = before & mask; return before; }
  or(mask) { const before = this.current; this.current = before | mask; return before; }
}
class Int32 extends Number$ {}
class Uint32 extends Number$ {}
class Int64 extends Number$ {}
class Uint64 extends Number$ {}
class Bool extends Number$ { constructor(initial = false) { super(initial); } }
class Value extends Number$ { constructor(initial) { super(initial); this.current = initial; } }
`;
