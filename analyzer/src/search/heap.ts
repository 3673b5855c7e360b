import type ts from "typescript";
import type { Code } from "./code.js";
import { Ref, type Value } from "./values.js";

/** Who holds a lock, and where it was taken. */
export interface Holder {
  readonly fiber: number;
  readonly task: number;
  readonly site: ts.Node;
  readonly read: boolean;
}

export type WaitKind =
  | "lock"
  | "rLock"
  | "send"
  | "receive"
  | "select"
  | "wait-group"
  | "cond"
  | "join"
  | "permit"
  | "barrier"
  | "sleep"
  | "other";

/** What a pending promise of a primitive waits for. */
export interface Wait {
  readonly kind: WaitKind;
  readonly on: readonly Ref[];
  readonly site: ts.Node;
  /** The operation may be given up by somebody whom the search does not see. */
  readonly external: boolean;
}

/**
 * One object of the heap. All kinds have the same fields, so that copying, comparing and walking the heap
 * is written once; what a field means is said where the kind is made.
 */
export class Obj {
  a: Value = undefined;
  b: Value = undefined;
  c: Value = undefined;
  n = 0;
  m = 0;
  list: Value[] = [];
  more: Value[] = [];
  props: Map<string, Value> | undefined;
  /** Reachable by code that the search does not see. */
  escaped = false;
  holders: readonly Holder[] = [];
  wait: Wait | undefined;
  /** Where it was made. */
  site: ts.Node | undefined;

  constructor(
    readonly kind: string,
    /** What never changes: code, a class's text, a native function. */
    readonly info: object | undefined,
    readonly stamp: number,
  ) {}

  copy(stamp: number): Obj {
    const copy = new Obj(this.kind, this.info, stamp);
    copy.a = this.a;
    copy.b = this.b;
    copy.c = this.c;
    copy.n = this.n;
    copy.m = this.m;
    copy.list = this.list.slice();
    copy.more = this.more.slice();
    copy.props = this.props && new Map(this.props);
    copy.escaped = this.escaped;
    copy.holders = this.holders;
    copy.wait = this.wait;
    copy.site = this.site;
    return copy;
  }
}

export interface Handler {
  readonly pc: number;
  readonly depth: number;
  readonly env: Ref;
  /** A `catch`, not a `finally` alone: its author expects something to throw. */
  readonly catches: boolean;
}

export class Frame {
  pc = 0;
  stack: Value[] = [];
  handlers: Handler[] = [];
  /** Its caller awaits what it returns. */
  awaited = false;
  /** What becomes of the result. */
  result: "push" | "construct" | "discard" = "push";

  constructor(
    readonly code: Code,
    public env: Ref,
    readonly self: Value,
    readonly home: Value,
    readonly args: readonly Value[],
  ) {}

  copy(): Frame {
    const copy = new Frame(this.code, this.env, this.self, this.home, this.args);
    copy.pc = this.pc;
    copy.stack = this.stack.slice();
    copy.handlers = this.handlers.slice();
    copy.awaited = this.awaited;
    copy.result = this.result;
    return copy;
  }
}

/** `running` only inside a step; `external`: waits for something outside that surely comes. */
export type FiberStatus = "ready" | "running" | "blocked" | "external" | "done";

/** One activation of asynchronous code: a task, or an async call that its caller did not await at once. */
export class Fiber {
  frames: Frame[] = [];
  status: FiberStatus = "ready";
  /** The promise it waits for. */
  wait: Ref | undefined;
  /** Looked around and found nothing to wait for so often, one after the other. */
  spins = 0;
  /** How many unknown values came to it from outside. */
  fresh = 0;

  constructor(
    readonly id: number,
    /** The task whose code it runs: `go` makes a new one, an async call does not. */
    readonly task: number,
    readonly name: string,
    /** Settled when it ends. */
    readonly promise: Ref,
    readonly stamp: number,
  ) {}

  copy(stamp: number): Fiber {
    const copy = new Fiber(this.id, this.task, this.name, this.promise, stamp);
    copy.frames = this.frames.map((frame) => frame.copy());
    copy.status = this.status;
    copy.wait = this.wait;
    copy.spins = this.spins;
    copy.fresh = this.fresh;
    return copy;
  }
}

/** One step of a schedule, newest first. */
export interface Step {
  readonly fiber: number;
  readonly name: string;
  readonly kind: WaitKind;
  /** Whether it had to wait. */
  readonly waits: boolean;
  readonly site: ts.Node;
  readonly previous: Step | undefined;
}

let stamps = 0;

/**
 * The whole program at one moment. Objects are shared between a state and those made from it, and copied
 * when first written: a state that another was made from is never written again.
 */
export class State {
  readonly stamp = ++stamps;
  now = 0;
  trace: Step | undefined;

  private constructor(
    private readonly objects: Obj[],
    private readonly all: Fiber[],
    public timers: readonly Ref[],
    public assumed: ReadonlyMap<string, boolean>,
    public modules: ReadonlyMap<object, Ref>,
  ) {}

  static empty(): State {
    return new State([], [], [], new Map(), new Map());
  }

  fork(): State {
    const next = new State(this.objects.slice(), this.all.slice(), this.timers, this.assumed, this.modules);
    next.now = this.now;
    next.trace = this.trace;
    return next;
  }

  /** The same objects, with nothing running: what is set up before a program starts. */
  atRest(): State {
    const { objects, modules } = this;
    return new State(objects.slice(), [], [], new Map(), modules);
  }

  get size(): number {
    return this.objects.length;
  }

  get fibers(): readonly Fiber[] {
    return this.all;
  }

  make(kind: string, info?: object): { ref: Ref; obj: Obj } {
    const obj = new Obj(kind, info, this.stamp);
    const ref = Ref.to(this.objects.length);
    this.objects.push(obj);
    return { ref, obj };
  }

  get(ref: Ref): Obj {
    return this.objects[ref.id]!;
  }

  write(ref: Ref): Obj {
    const obj = this.objects[ref.id]!;
    if (obj.stamp === this.stamp) return obj;
    const copy = obj.copy(this.stamp);
    this.objects[ref.id] = copy;
    return copy;
  }

  addFiber(task: number | undefined, name: string, promise: Ref): Fiber {
    const id = this.all.length;
    const fiber = new Fiber(id, task ?? id, name, promise, this.stamp);
    this.all.push(fiber);
    return fiber;
  }

  fiber(id: number): Fiber {
    const fiber = this.all[id]!;
    if (fiber.stamp === this.stamp) return fiber;
    const copy = fiber.copy(this.stamp);
    this.all[id] = copy;
    return copy;
  }
}
