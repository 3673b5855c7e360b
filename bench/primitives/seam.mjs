import { group, loops } from "./table.mjs";

/** The same library with its seam and without: what a program pays that nobody watches. */
export async function seam(library, seamless) {
  const without = "without the seam";
  const both = async (make) => ({
    limits: { [without]: await make(seamless) },
    ours: { "with it, nothing plugged in": await make(library) },
  });
  const target = [{ of: "with it, nothing plugged in", against: without, atLeast: 0.95 }];
  const locking = ({ Mutex }) => {
    const mu = new Mutex();
    return { lock: () => mu.lock(), unlock: () => mu.unlock() };
  };

  const alone = async (build) => {
    const [l, way] = [await loops(), locking(build)];
    return (n) => l.alone(way, n);
  };
  await group("the seam: a mutex that is free", 10_000, await both(alone), target);

  const contended = async (build) => {
    const [l, way] = [await loops(), locking(build)];
    return (n) => l.contended(way, 10, n);
  };
  await group("the seam: a mutex that ten tasks want", 10_000, await both(contended), target);

  const piped = async ({ Channel }) => {
    const [l, c] = [await loops(), new Channel(10)];
    const way = { send: (value) => c.send(value), receive: () => c.receive() };
    return (n) => l.pipe(way, n);
  };
  await group("the seam: a channel of capacity 10", 10_000, await both(piped), target);
}
