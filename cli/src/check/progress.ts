/** Says how far a check is once it takes over a second: on a terminal, in one line that is wiped away. */
export interface Progress {
  update(done: number, total: number): void;
  clear(): void;
}

const patience = 1000;
const interval = 100;

export function createProgress(stream: NodeJS.WriteStream, now = () => performance.now()): Progress {
  const start = now();
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  if (!stream.isTTY || process.env.CI) return { update() {}, clear() {} };
  return {
    update(done, total) {
      const time = now();
      if (time - start < patience || time - last < interval) return;
      last = time;
      shown = true;
      stream.write(`\r\x1b[KChecking ${done} of ${total} files`);
    },
    clear() {
      if (shown) stream.write("\r\x1b[K");
      shown = false;
    },
  };
}
