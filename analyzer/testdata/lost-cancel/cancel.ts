// A context that nobody cancels keeps its timer and its place in the parent's list.
import { defer, go } from "@lockscope/sync";
import {
  background,
  type CancelFunc,
  type Context,
  withCancel,
  withCancelCause,
  withDeadline,
  withTimeout,
  withValue,
} from "@lockscope/sync/context";

declare function ask(ctx: Context, question: string): Promise<string>;
declare function register(cancel: CancelFunc): void;

export async function discarded(ctx: Context): Promise<string> {
  const [limited] = withTimeout(ctx, 100); // want: lost-cancel
  return ask(limited, "discarded");
}

export async function indexed(ctx: Context): Promise<string> {
  const limited = withTimeout(ctx, 100)[0]; // want: lost-cancel
  return ask(limited, "indexed");
}

export async function neverCalled(ctx: Context): Promise<string> {
  const [limited, _cancel] = withDeadline(ctx, new Date()); // want: lost-cancel
  return ask(limited, "never");
}

export async function assigned(ctx: Context): Promise<string> {
  let limited = ctx;
  [limited] = withCancel(ctx); // want: lost-cancel
  return ask(limited, "assigned");
}

export async function earlyReturn(ctx: Context, name: string): Promise<string> {
  const [limited, cancel] = withTimeout(ctx, 100); // want: lost-cancel
  if (name === "") return "";
  const answer = await ask(limited, name);
  cancel();
  return answer;
}

export async function thrown(ctx: Context, name: string): Promise<string> {
  const [limited, cancel] = withCancelCause(ctx); // want: lost-cancel
  const answer = await ask(limited, name);
  if (answer === "") throw new Error("no answer");
  cancel(new Error("done"));
  return answer;
}

export async function caughtAndForgotten(ctx: Context): Promise<string | undefined> {
  const [limited, cancel] = withCancel(ctx); // want: lost-cancel
  try {
    const answer = await ask(limited, "caught");
    cancel();
    return answer;
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

export async function skippedRound(ctx: Context, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [limited, cancel] = withTimeout(ctx, 50); // want: lost-cancel
    const answer = await ask(limited, name);
    if (answer === "") continue;
    console.log(answer);
    cancel();
  }
}

export class Client {
  async call(ctx: Context, kind: "get" | "put" | "none"): Promise<string> {
    const [limited, cancel] = withTimeout(ctx, 100); // want: lost-cancel
    switch (kind) {
      case "get": {
        const got = await ask(limited, "get");
        cancel();
        return got;
      }
      case "put":
        await ask(limited, "put");
        cancel();
        return "";
      default:
        return "";
    }
  }
}

// Right.

export async function inFinally(ctx: Context, name: string): Promise<string> {
  const [limited, cancel] = withTimeout(ctx, 100);
  try {
    if (name === "") return "";
    return await ask(limited, name);
  } finally {
    cancel();
  }
}

export async function deferred(ctx: Context): Promise<string> {
  const [limited, cancel] = withTimeout(ctx, 100);
  using _ = defer(cancel);
  return await ask(limited, "deferred");
}

export async function deferredCall(ctx: Context): Promise<string> {
  const [limited, cancel] = withCancelCause(ctx);
  using _ = defer(() => cancel());
  return await ask(limited, "deferred");
}

export async function straight(ctx: Context): Promise<string> {
  const [limited, cancel] = withCancel(ctx);
  const answer = await ask(limited, "straight");
  cancel();
  return answer;
}

export async function bothBranches(ctx: Context, ok: boolean): Promise<void> {
  const [limited, cancel] = withCancel(ctx);
  if (ok) {
    await ask(limited, "ok");
    cancel();
  } else {
    cancel();
  }
}

export async function sameCondition(ctx: Context, limit: boolean): Promise<void> {
  const [limited, cancel] = withCancel(ctx);
  if (limit) cancel();
  await ask(limited, "same");
  if (!limit) cancel();
}

export function returned(ctx: Context): [Context, CancelFunc] {
  return withCancel(ctx);
}

export function returnedApart(ctx: Context): { ctx: Context; stop: CancelFunc } {
  const [child, cancel] = withCancel(ctx);
  return { ctx: child, stop: cancel };
}

export function passedOn(ctx: Context): Context {
  const [child, cancel] = withCancel(ctx);
  register(cancel);
  return child;
}

export function later(ctx: Context): Context {
  const [child, cancel] = withCancel(ctx);
  setTimeout(cancel, 1000);
  return child;
}

export async function inATask(ctx: Context): Promise<string> {
  const [child, cancel] = withCancel(ctx);
  go(async () => {
    await ask(ctx, "stop?");
    cancel();
  });
  return ask(child, "task");
}

export class Server {
  #ctx: Context;
  readonly #cancel: CancelFunc;
  #stop: CancelFunc | undefined;

  constructor() {
    [this.#ctx, this.#cancel] = withCancel(background());
  }

  open(): void {
    const [ctx, stop] = withCancel(this.#ctx);
    this.#ctx = ctx;
    this.#stop = stop;
  }

  close(): void {
    this.#stop?.();
    this.#cancel();
  }
}

export async function onAbort(ctx: Context, signal: AbortSignal): Promise<string> {
  const [child, cancel] = withCancel(ctx);
  signal.addEventListener("abort", () => cancel());
  return ask(child, "abort");
}

export async function retries(ctx: Context): Promise<string> {
  for (;;) {
    const [limited, cancel] = withTimeout(ctx, 100);
    try {
      return await ask(limited, "again");
    } catch (error) {
      if (ctx.err !== undefined) throw error;
    } finally {
      cancel();
    }
  }
}

export function withAValue(ctx: Context): Context {
  return withValue(ctx, "key", 1);
}

const [root, stopAll] = withCancel(background());
export { root, stopAll };
