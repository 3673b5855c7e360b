// What went back to the pool belongs to whoever asks for it next.
import { defer, Pool } from "@lockscope/sync";

interface Buffer {
  bytes: number[];
  length: number;
}

declare function send(bytes: readonly number[]): Promise<void>;

const pool = new Pool<Buffer>({ new: () => ({ bytes: [], length: 0 }) });

function take(): Buffer {
  return pool.get() ?? { bytes: [], length: 0 };
}

function release(buffer: Buffer): void {
  buffer.length = 0;
  pool.put(buffer);
}

export function usedBehind(): number {
  const buffer = take();
  pool.put(buffer);
  return buffer.length; // want: pool-use-after-put
}

export function writtenBehind(): void {
  const buffer = take();
  pool.put(buffer);
  buffer.length = 0; // want: pool-use-after-put
}

export function putTwice(): void {
  const buffer = take();
  pool.put(buffer);
  pool.put(buffer); // want: pool-use-after-put
}

export function putOnAPath(values: readonly number[]): void {
  const buffer = take();
  if (values.length === 0) pool.put(buffer);
  buffer.bytes.push(...values); // want: pool-use-after-put
  console.log(buffer.length);
}

export async function putInTheLoop(chunks: readonly number[][]): Promise<void> {
  const buffer = take();
  for (const chunk of chunks) {
    buffer.bytes.push(...chunk); // want: pool-use-after-put
    await send(buffer.bytes);
    pool.put(buffer);
  }
}

export async function throughAHelper(): Promise<void> {
  const buffer = take();
  release(buffer);
  await send(buffer.bytes); // want: pool-use-after-put
}

export function putTwiceByAHelper(): void {
  const buffer = take();
  try {
    console.log(buffer.length);
    release(buffer);
  } finally {
    release(buffer); // want: pool-use-after-put
  }
}

export class Encoder {
  #buffer: Buffer | undefined;

  finish(): number {
    const { length } = this.#buffer ?? take();
    if (this.#buffer === undefined) return length;
    pool.put(this.#buffer);
    return this.#buffer.length; // want: pool-use-after-put
  }

  close(): void {
    if (this.#buffer !== undefined) pool.put(this.#buffer);
    this.#buffer = undefined;
  }

  async reset(): Promise<void> {
    if (this.#buffer !== undefined) pool.put(this.#buffer);
    this.#buffer = take();
    await send(this.#buffer.bytes);
  }
}

export function closureBehind(): () => number {
  const buffer = take();
  pool.put(buffer);
  return () => buffer.length; // want: pool-use-after-put
}

// Right.

export async function usedBefore(values: readonly number[]): Promise<number> {
  const buffer = take();
  buffer.bytes.push(...values);
  await send(buffer.bytes);
  const { length } = buffer;
  pool.put(buffer);
  return length;
}

export async function inFinally(values: readonly number[]): Promise<number> {
  const buffer = take();
  try {
    buffer.bytes.push(...values);
    await send(buffer.bytes);
    return buffer.length;
  } finally {
    pool.put(buffer);
  }
}

export async function deferred(values: readonly number[]): Promise<number> {
  const buffer = take();
  using _ = defer(() => pool.put(buffer));
  buffer.bytes.push(...values);
  await send(buffer.bytes);
  return buffer.length;
}

export function leavesAtOnce(values: readonly number[]): number {
  const buffer = take();
  if (values.length === 0) {
    pool.put(buffer);
    return 0;
  }
  buffer.bytes.push(...values);
  const { length } = buffer;
  pool.put(buffer);
  return length;
}

export function eitherWay(ok: boolean): void {
  const buffer = take();
  if (ok) {
    buffer.length = 1;
    pool.put(buffer);
  } else {
    release(buffer);
  }
}

export function takenAgain(): number {
  let buffer = take();
  pool.put(buffer);
  buffer = take();
  const { length } = buffer;
  pool.put(buffer);
  return length;
}

export async function oneEachRound(chunks: readonly number[][]): Promise<void> {
  for (const chunk of chunks) {
    const buffer = take();
    buffer.bytes.push(...chunk);
    await send(buffer.bytes);
    pool.put(buffer);
  }
}

export async function skipsARound(chunks: readonly number[][]): Promise<void> {
  for (const chunk of chunks) {
    const buffer = take();
    if (chunk.length === 0) {
      pool.put(buffer);
      continue;
    }
    buffer.bytes.push(...chunk);
    await send(buffer.bytes);
    pool.put(buffer);
  }
}

export async function ownership(chunk: number[], keep: boolean): Promise<void> {
  const buffer = take();
  let mine = true;
  if (!keep) {
    pool.put(buffer);
    mine = false;
  }
  await send(chunk);
  if (mine) pool.put(buffer);
}

export function compared(last: Buffer): boolean {
  const buffer = take();
  pool.put(buffer);
  return buffer === last;
}

export function shadowed(): number {
  const buffer = take();
  pool.put(buffer);
  {
    const buffer = { length: 3 };
    return buffer.length;
  }
}

export function twoObjects(): number {
  const one = take();
  const other = take();
  pool.put(one);
  const { length } = other;
  pool.put(other);
  return length;
}

export async function untilFound(chunks: readonly number[][]): Promise<void> {
  const buffer = take();
  for (const chunk of chunks) {
    if (chunk.length > 0) {
      buffer.bytes.push(...chunk);
      pool.put(buffer);
      break;
    }
  }
  await send([]);
}

export function switched(kind: "a" | "b"): void {
  const buffer = take();
  switch (kind) {
    case "a":
      pool.put(buffer);
      break;
    case "b":
      buffer.length = 1;
      pool.put(buffer);
      break;
  }
}
