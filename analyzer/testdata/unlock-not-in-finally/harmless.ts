// Nothing between lock and unlock can throw: no finally needed, no finding wanted.
import { go, gosched, Mutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";

interface Point {
  x: number;
  y: number;
}

const mu = new Mutex({ name: "points" });
const rw = new RWMutex({ name: "bounds" });
const wg = new WaitGroup({ name: "readers" });
const points: Point[] = [];
const byName = new Map<string, Point>();
const names = new Set<string>();
let version = 0;
let updated = 0;

export async function arithmetic(): Promise<number> {
  await mu.lock();
  version++;
  updated = version * 2 + 1;
  const now = version;
  mu.unlock();
  return now;
}

export async function collections(name: string, point: Point): Promise<void> {
  await mu.lock();
  if (!byName.has(name)) {
    byName.set(name, point);
    names.add(name);
    points.push(point);
  }
  const last = points.at(-1);
  const all = [...points, ...byName.values()].slice(0, 10);
  mu.unlock();
  console.log(last, all);
}

export async function consoleMathDate(point: Point): Promise<void> {
  await mu.lock();
  point.x = Math.max(point.x, 0);
  updated = Date.now();
  console.log(`moved to ${point.x}`, { at: updated });
  console.debug("still here");
  mu.unlock();
}

export async function loopsAndBranches(): Promise<number> {
  await rw.rLock();
  let sum = 0;
  for (const { x, y } of points) {
    if (x < 0) continue;
    sum += x > y ? x - y : y - x;
  }
  rw.rUnlock();
  return sum;
}

export async function newCollections(): Promise<Map<string, Point>> {
  await mu.lock();
  const copy = new Map(byName);
  byName.clear();
  mu.unlock();
  return copy;
}

export async function libraryCalls(point: Point): Promise<void> {
  await mu.lock();
  await rw.lock();
  await gosched();
  points.push(point);
  rw.unlock();
  await sleep(5);
  wg.add(1);
  wg.done();
  mu.unlock();
}

export async function guardsOfTheLibrary(point: Point): Promise<void> {
  const outer = await mu.acquire();
  const inner = await rw.acquireRead();
  points.push(point);
  inner.release();
  outer.release();
}

// What the task does later is its own affair; starting it cannot fail.
export async function startsATask(notify: () => Promise<void>): Promise<void> {
  await mu.lock();
  version++;
  go(notify);
  mu.unlock();
}

export async function makesAFunction(): Promise<() => Promise<void>> {
  await mu.lock();
  const now = version;
  const later = async () => {
    await sleep(1);
    throw new Error(`stale since ${now}`);
  };
  mu.unlock();
  return later;
}

// The callback runs at once, and there is nothing in it that could throw.
export async function callbackInPlace(): Promise<number[]> {
  await rw.rLock();
  const xs = points.map((point) => point.x);
  rw.rUnlock();
  return xs;
}

export async function throwsOnlyAfterTheUnlock(name: string): Promise<Point> {
  await rw.rLock();
  const point = byName.get(name);
  rw.rUnlock();
  if (!point) throw new Error(`no point ${name}`);
  return point;
}

export async function awaitsOnlyBeforeAndAfter(load: () => Promise<Point>): Promise<void> {
  const point = await load();
  await mu.lock();
  points.push(point);
  mu.unlock();
  await load();
}

export async function awaitsBetweenTwoSections(load: () => Promise<Point>): Promise<void> {
  await mu.lock();
  const known = points.length;
  mu.unlock();
  const point = await load();
  await mu.lock();
  if (points.length === known) points.push(point);
  mu.unlock();
}
