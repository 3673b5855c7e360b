import ts from "typescript";
import { bare } from "../../project/syntax.js";

/** The words of a name: `runExclusive`, `with_lock`, `#mutex2` and `HTTPQueue` in lower case. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());
}

const sections =
  /^(?:lock|locked|locks|locker|rlock|mutex|mu|acquire|exclusive|exclusively|semaphore|sema|synchronized|synchronize|synchronise|synchronised|critical)$/;
const opaque =
  /^(?:queue|queued|enqueue|queuer|limit|limiter|limited|limits|serial|serialize|serialized|serially|sequential|sequentially|sequencer|throttle|throttler|throttled|throttling|debounce|debounced|debouncer|batch|batcher|transaction|transact|transactionally|tx|atomic|atomically|idempotent|scheduler|barrier|chain|turn|turns|pool|actor|mailbox|worker|gate)$/;
const sharing =
  /^(?:once|shared|memo|memoize|memoized|memoise|dedupe|deduped|dedup|singleflight|flight|flights|inflight|coalesce|coalesced)$/;
/** Operators of RxJS that begin with the next value when they are done with the last, or leave it out. */
const oneAtATime = /^(?:concatMap|exhaustMap)$/;
const releases = /^(?:unlock|unlocks|runlock|release|releaser|releases|unlocked|unacquire|leave)$/;

/** What a call that is given a function does about other tasks, as far as its name says. `shared`: they get its result. */
export type Keeper = "section" | "shared" | "opaque" | undefined;

/** `mutex.runExclusive(fn)`, `withLock(key, fn)`, `this.queue.add(fn)`, `limit(fn)`, `calls.do(key, fn)` of a SingleFlight. */
export function keeperOf(call: ts.CallExpression | ts.NewExpression): Keeper {
  const names = calleeNames(call.expression);
  const [, receiver] = names;
  const types = receiver === undefined ? [] : (typesIn(call.getSourceFile()).get(receiver) ?? []);
  const words = [...names, ...types].flatMap(wordsOf);
  if (words.some((word) => sections.test(word))) return "section";
  if (words.some((word) => sharing.test(word))) return "shared";
  return words.some((word) => opaque.test(word)) || oneAtATime.test(calleeName(call)) ? "opaque" : undefined;
}

const types = new WeakMap<ts.SourceFile, ReadonlyMap<string, readonly string[]>>();

/** The classes that a file says its variables and fields are of: `calls = new SingleFlight()`, `calls: SingleFlight`. */
function typesIn(file: ts.SourceFile): ReadonlyMap<string, readonly string[]> {
  let found = types.get(file);
  if (found === undefined) {
    const all = new Map<string, string[]>();
    const declared = /([#\w$]+)\s*(?:[?!]?\s*:\s*|(?::[^=;,(){}\n]+)?=\s*new\s+)(?:\w+\.)?([A-Z]\w*)/g;
    for (const [, name = "", type = ""] of file.text.matchAll(declared))
      all.set(name, [...(all.get(name) ?? []), type]);
    found = all;
    types.set(file, found);
  }
  return found;
}

/** `await mu.lock()`, `const release = await acquire(key)`; not `mu.isLocked()`, nor `clock.tick()`. */
export function isAcquire(call: ts.CallExpression): boolean {
  const name = calleeName(call);
  const words = wordsOf(name);
  if (words.some((word) => releases.test(word)) || /^(?:is|has|can|should)$/.test(words[0] ?? ""))
    return false;
  return (
    words.some((word) => sections.test(word)) ||
    (/^(?:wait|enter|start|begin|take|get|obtain|down)/.test(name) &&
      calleeNames(call.expression)
        .flatMap(wordsOf)
        .some((word) => sections.test(word)))
  );
}

/** `lock`, `acquireLease`: the name of a function that takes something for its caller. */
export function isAcquireName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => sections.test(word)) && !words.some((word) => releases.test(word));
}

export function isRelease(call: ts.CallExpression): boolean {
  return wordsOf(calleeName(call)).some((word) => releases.test(word));
}

/** The last name of what is called: `b` of `a.b()`. */
export function calleeName(call: ts.CallExpression | ts.NewExpression): string {
  return calleeNames(call.expression)[0] ?? "";
}

/** `c`, `b`, `a` of `a.b.c()`; of `a.b(x).c()` and `new A().c()` too. */
function calleeNames(expression: ts.Expression): string[] {
  const names: string[] = [];
  let at = bare(expression);
  for (;;) {
    if (ts.isPropertyAccessExpression(at)) {
      names.push(at.name.text);
      at = bare(at.expression);
    } else if (ts.isCallExpression(at) || ts.isNewExpression(at) || ts.isElementAccessExpression(at))
      at = bare(at.expression);
    else break;
  }
  if (ts.isIdentifier(at)) names.push(at.text);
  return names;
}

const teardown =
  /^(?:clos(?:e|ed|ing)|dispos(?:e|ed|ing)|destroy(?:ed|ing)?|stop(?:ped|ping)?|end(?:ed|ing)?|finish(?:ed|ing)?|abort(?:ed|ing)?|cancel(?:l?ed|ling)?|kill(?:ed|ing)?|terminat(?:e|ed|ing)|dead|exit(?:ed|ing)?|shut|shutdown|shutting|disconnect(?:ed|ing)?|fulfilled|settled|cleaned|cleanup|done|complete[d]?|fail(?:ed)?|error(?:ed)?|detached?|released?|removed?|deleted?)$/;

/** A flag that says that something is over: setting it twice does no harm. */
export function isTeardown(name: string): boolean {
  return wordsOf(name).some((word) => teardown.test(word));
}

const readiness =
  /^(?:init|ready|setup|set|up|[a-z]+(?:ed|ready)|bound|built|sent|run|begun|done|known|open|online|live|active|alive)$/;

/** A flag that says that something has been done: `initialized`, `isReady`, `startedUp`. */
export function isReadiness(name: string): boolean {
  return !isTeardown(name) && wordsOf(name).some((word) => readiness.test(word));
}

const many =
  /^(?:map|from|forEach|flatMap|filter|on|addListener|prependListener|addEventListener|subscribe|setInterval|watch|observe|listen)$/;
const routes = /^(?:get|post|put|patch|delete|all|use|route|command|action|handle)$/;

/** Runs its callback several times, the next time before the last has ended. */
export function runsMany(call: ts.CallExpression): boolean {
  const name = calleeName(call);
  return many.test(name) || (routes.test(name) && ts.isPropertyAccessExpression(bare(call.expression)));
}

/** Starts its callback as a task of its own, once. */
export function isSpawn(call: ts.CallExpression): boolean {
  return /^(?:go|spawn|fork|defer|setTimeout|setImmediate|queueMicrotask|nextTick)$/.test(calleeName(call));
}

const runners =
  /^(?:it|test|specify|describe|suite|context|before|after|beforeEach|afterEach|beforeAll|afterAll)$/;

/** Whether the node stands in a function that is given to a test runner. */
export function isInTestBlock(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (!ts.isCallExpression(parent) || parent.expression === at || !ts.isFunctionLike(at)) continue;
    if (runners.test(calleeNames(parent.expression).at(-1) ?? "")) return true;
  }
  return false;
}

export function isTestFile(name: string): boolean {
  return /(?:\.|_|-)(?:test|spec|bench|e2e|stories)\.[cm]?[jt]sx?$|[\\/]__(?:tests|mocks|fixtures)__[\\/]/.test(
    name,
  );
}
