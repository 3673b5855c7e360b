// Web Locks: the name is the key.
declare function save(text: string): Promise<void>;

const NAME = "app";

export async function itself(): Promise<void> {
  await navigator.locks.request("db", async () => {
    await navigator.locks.request("db", () => save("")); // want: reentrant-lock
  });
}

export async function throughACall(): Promise<void> {
  await navigator.locks.request(NAME, { mode: "exclusive" }, async () => {
    await flush(); // want: reentrant-lock
  });
}

async function flush(): Promise<void> {
  await navigator.locks.request("app", () => save(""));
}

export async function upgrades(): Promise<void> {
  await navigator.locks.request(NAME, { mode: "shared" }, async () => {
    await navigator.locks.request(NAME, () => save("")); // want: reentrant-lock
  });
}

export async function twoNames(): Promise<void> {
  await navigator.locks.request("first", async () => {
    await navigator.locks.request("second", () => save(""));
  });
}

/** It does not wait: it is told that there is none. */
export async function ifItIsFree(): Promise<void> {
  await navigator.locks.request("db", async () => {
    await navigator.locks.request("db", { ifAvailable: true }, async (lock) => {
      if (lock !== null) await save("");
    });
  });
}

/** Held for as long as the page lives. */
export function lead(): void {
  navigator.locks.request("leader", () => new Promise(() => {}));
}

/** What the options say is not known here. */
export async function withOptions(name: string, options: object): Promise<void> {
  await navigator.locks.request(name, options, async () => {
    await navigator.locks.request(name, options, () => save(""));
  });
}
