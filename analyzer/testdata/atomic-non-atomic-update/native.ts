// The language's own Atomics.
const cells = new Int32Array(new SharedArrayBuffer(16));
const HEAD = 0;
const TAIL = 1;

export function wrongNative(i: number): void {
  Atomics.store(cells, i, Atomics.load(cells, i) + 1); // want: atomic-non-atomic-update
  Atomics.store(cells, HEAD, Atomics.load(cells, HEAD) - 2); // want: atomic-non-atomic-update
  Atomics.store(cells, 0, (Atomics.load(cells, HEAD) + 1) % 8); // want: atomic-non-atomic-update
  const tail = Atomics.load(cells, TAIL);
  Atomics.store(cells, TAIL, tail + 1); // want: atomic-non-atomic-update
  cells[TAIL] = Atomics.add(cells, TAIL, 1); // want: atomic-non-atomic-update
  Atomics.exchange(cells, TAIL, Atomics.load(cells, TAIL) ^ 1); // want: atomic-non-atomic-update
}

export function rightNative(i: number, j: number): number {
  Atomics.store(cells, HEAD, Atomics.load(cells, TAIL));
  Atomics.store(cells, i, Atomics.load(cells, j) + 1);
  for (;;) {
    const head = Atomics.load(cells, HEAD);
    if (Atomics.compareExchange(cells, HEAD, head, head + 1) === head) return head;
  }
}
