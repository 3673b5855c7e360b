// async-sema: tokens, any of which may be released.
import { RateLimit, Sema } from "async-sema";

declare function load(id: string): Promise<string>;
declare function save(text: string): Promise<void>;

const sema = new Sema(4);
const turn = RateLimit(10);

export async function throwsBetween(id: string): Promise<string> {
  await sema.acquire(); // want: unlock-not-in-finally
  const text = await load(id);
  sema.release();
  return text;
}

export async function returnsEarly(id: string): Promise<void> {
  const token = await sema.acquire(); // want: missing-unlock
  if (id === "") return;
  sema.release(token);
}

export async function notAwaited(id: string): Promise<void> {
  sema.acquire(); // want: missing-await
  try {
    await load(id);
  } finally {
    sema.release();
  }
}

export async function doesNotWaitForItsTurn(): Promise<void> {
  turn(); // want: missing-await
  await save("");
}

export function nobodyLooks(): void {
  const token = sema.tryAcquire(); // want: ignored-trylock
  sema.release();
}

export async function limited(ids: readonly string[]): Promise<string[]> {
  return Promise.all(
    ids.map(async (id) => {
      await sema.acquire();
      try {
        return await load(id);
      } finally {
        sema.release();
      }
    }),
  );
}

export async function several(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await sema.acquire();
  try {
    await save("");
  } finally {
    for (let n = 0; n < count; n += 1) sema.release();
  }
}

export async function givenBackLater(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await sema.acquire();
    load(id).then(
      () => sema.release(),
      () => sema.release(),
    );
  }
  await sema.drain();
}

export function ifThereIsOne(): boolean {
  const token = sema.tryAcquire();
  if (token === undefined) return false;
  try {
    return String(token) !== "";
  } finally {
    sema.release(token);
  }
}

export async function inTurn(): Promise<void> {
  await turn();
  await save("");
}
