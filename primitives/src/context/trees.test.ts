import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WrappingContext } from "../../testing/foreign-context.js";
import { checkPrograms } from "../../testing/programs.js";
import { settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import {
  afterFunc,
  background,
  type CancelCauseFunc,
  type Context,
  cause,
  DeadlineExceededError,
  withCancelCause,
  withoutCancel,
  withTimeoutCause,
  withValue,
} from "../context.js";

/** What a context is to the model: whose child, until when, and why it ended. */
interface Node {
  readonly ctx: Context;
  readonly parent: Node | null;
  readonly cancel: CancelCauseFunc | null;
  /** The moment at which its own time is over. */
  readonly at: number;
  readonly timeUp: Error;
  readonly values: ReadonlyMap<unknown, unknown>;
  why: Error | null;
  timedOut: boolean;
  /** How often its `afterFunc` ran. */
  runs: number;
}

type Step =
  | { act: "cancel" | "timeout"; on: number; ms: number }
  | { act: "value" | "without" | "wrap" | "end" | "pass"; on: number; ms: number };

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("cancel", "timeout", "value", "without", "wrap", "end", "pass"),
  on: fc.nat({ max: 30 }),
  ms: fc.integer({ min: 1, max: 20 }),
});

describe("contexts against a model", () => {
  it("a tree ends as a list of parents would say, whatever the program", () =>
    withVirtualTime((clock) =>
      checkPrograms(step, () => {
        let numbers = 0;
        const add = (
          parent: Node | null,
          ctx: Context,
          rest: Partial<Pick<Node, "cancel" | "at" | "timeUp" | "values">> = {},
        ) => {
          const node: Node = {
            ctx,
            parent,
            cancel: null,
            at: Number.POSITIVE_INFINITY,
            timeUp: new Error(),
            values: parent?.values ?? new Map(),
            why: parent?.why ?? null,
            timedOut: parent?.timedOut ?? false,
            runs: 0,
            ...rest,
          };
          nodes.push(node);
          afterFunc(ctx, () => node.runs++);
          return node;
        };
        const nodes: Node[] = [];
        const end = (top: Node, why: Error, timedOut: boolean) => {
          if (top.why !== null) return;
          for (const node of nodes) {
            let at: Node | null = node;
            while (at !== null && at !== top) at = at.parent;
            if (at === top && node.why === null) Object.assign(node, { why, timedOut });
          }
        };
        add(null, background());
        return {
          async step({ act, on, ms }) {
            const node = nodes[on % nodes.length]!;
            if (act === "cancel") {
              const [ctx, cancel] = withCancelCause(node.ctx);
              add(node, ctx, { cancel });
            } else if (act === "timeout") {
              const timeUp = new Error(`time ${numbers++}`);
              const [ctx, cancel] = withTimeoutCause(node.ctx, ms, timeUp);
              add(node, ctx, { cancel, at: clock.now() + ms, timeUp });
            } else if (act === "value") {
              const key = `key ${ms % 3}`;
              const values = new Map([...node.values, [key, numbers]]);
              add(node, withValue(node.ctx, key, numbers++), { values });
            } else if (act === "without") add(null, withoutCancel(node.ctx), { values: node.values });
            else if (act === "wrap") add(node, new WrappingContext(node.ctx));
            else if (act === "end") {
              const why = new Error(`end ${numbers++}`);
              if (node.cancel === null) return;
              node.cancel(why);
              // Go's withTimeout has no say about the cause of its being cancelled.
              end(node, node.at === Number.POSITIVE_INFINITY ? why : cause(node.ctx)!, false);
            } else {
              const due = nodes.filter(({ at }) => at <= clock.now() + ms).sort((a, b) => a.at - b.at);
              for (const each of due) end(each, each.timeUp, true);
              await clock.advance(ms);
            }
            for (const { ctx, why, timedOut, values } of nodes) {
              expect(cause(ctx)).toBe(why ?? undefined);
              expect(ctx.err instanceof DeadlineExceededError).toBe(timedOut);
              expect(ctx.signal.aborted).toBe(why !== null);
              expect(ctx.done.closed).toBe(why !== null);
              for (const [key, value] of values) expect(ctx.value(key)).toBe(value);
            }
          },
          async end() {
            await settled();
            for (const { why, runs } of nodes) expect(runs).toBe(why === null ? 0 : 1);
            for (const { cancel } of nodes) cancel?.();
            expect(clock.pending).toBe(0);
          },
        };
      }),
    ));
});
