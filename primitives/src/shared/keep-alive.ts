/**
 * Keeps the event loop alive while tasks of this thread wait for another one. Node does not count a
 * pending `Atomics.waitAsync`: with nothing else to do, the program would end in the middle of its wait.
 * One timer that never goes off stands in for all of them. A browser's page lives anyway.
 */
let waits = 0;
let timer: { ref(): void; unref(): void } | undefined;

const LONGEST = 2 ** 31 - 1;

export function holdLoop(): void {
  if (waits++ > 0) return;
  if (timer === undefined) {
    const started: unknown = setInterval(() => {}, LONGEST);
    if (!isNodeTimer(started)) {
      clearInterval(started as ReturnType<typeof setInterval>);
      waits = Number.POSITIVE_INFINITY;
      return;
    }
    timer = started;
  }
  timer.ref();
}

export function releaseLoop(): void {
  if (--waits === 0) timer?.unref();
}

function isNodeTimer(value: unknown): value is { ref(): void; unref(): void } {
  return typeof value === "object" && value !== null && "unref" in value;
}
