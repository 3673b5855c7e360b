// Copies that go through serialisation, a message, lodash or a hand-written clone().
import { type MessagePort, parentPort, Worker } from "node:worker_threads";
import lodash, { cloneDeep, pick } from "lodash";
import { Mutex, RWMutex } from "@lockscope/sync";

class Cache {
  readonly mu = new Mutex({ name: "cache" });
  hits = 0;
  entries: string[] = [];
}

const state = { rw: new RWMutex({ name: "state" }), version: 1 };

export function structured(cache: Cache): Cache {
  return structuredClone(cache); // want: copied-lock
}

export function structuredLiteral(): typeof state {
  return structuredClone(state); // want: copied-lock
}

export function roundTrip(cache: Cache): Cache {
  return JSON.parse(JSON.stringify(cache)) as Cache; // want: copied-lock
}

export function lodashDeep(cache: Cache): Cache {
  return cloneDeep(cache); // want: copied-lock
}

export function lodashByNamespace(cache: Cache): Cache[] {
  const shallow = lodash.clone(cache); // want: copied-lock
  const deep = lodash.cloneDeep(cache); // want: copied-lock
  return [shallow, deep];
}

export function posted(worker: Worker, cache: Cache): void {
  worker.postMessage(cache); // want: copied-lock
}

export function postedInALiteral(cache: Cache): void {
  parentPort?.postMessage({ mu: cache.mu, hits: cache.hits }); // want: copied-lock
}

export function postedOverAChannel(port: MessagePort): void {
  port.postMessage(state); // want: copied-lock
}

export function handedToAWorker(file: string, mu: Mutex): Worker {
  return new Worker(file, { workerData: { mu, retries: 3 } }); // want: copied-lock
}

export function theLockItself(mu: Mutex): Mutex {
  return structuredClone(mu); // want: copied-lock
}

// ---- nothing with a lock is copied

export function onlyTheData(cache: Cache): Pick<Cache, "hits" | "entries"> {
  return structuredClone({ hits: cache.hits, entries: cache.entries });
}

export function written(cache: Cache): string {
  return JSON.stringify(cache);
}

export function parsed(text: string): { hits: number } {
  return JSON.parse(text);
}

export function roundTripOfData(cache: Cache): string[] {
  return JSON.parse(JSON.stringify(cache.entries)) as string[];
}

export function chosenFields(cache: Cache): { hits: number } {
  return JSON.parse(JSON.stringify(cache, ["hits"]));
}

class Document {
  readonly mu = new Mutex({ name: "document" });
  text = "";

  toJSON(): { text: string } {
    return { text: this.text };
  }
}

export function decidesItsOwnJson(document: Document): { text: string } {
  return JSON.parse(JSON.stringify(document));
}

export function picked(cache: Cache): Pick<Cache, "hits"> {
  return pick(cache, "hits");
}

export function postedData(worker: Worker, cache: Cache): void {
  worker.postMessage({ hits: cache.hits, entries: [...cache.entries] });
}

export function workerWithData(file: string, cache: Cache): Worker {
  return new Worker(file, { workerData: { hits: cache.hits } });
}

// An array of owners is not an owner; the same doubt keeps a nested instance silent.
export function listOfOwners(caches: Cache[]): Cache[] {
  return structuredClone(caches);
}

class Chat {
  readonly sent: Cache[] = [];
  postMessage(about: Cache): void {
    this.sent.push(about);
  }
}

// A method of the same name that hands on a reference.
export function notAPort(chat: Chat, cache: Cache): void {
  chat.postMessage(cache);
}
