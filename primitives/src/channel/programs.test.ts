import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Case,
  ChannelModel,
  type Got,
  ModelChannel,
  sendOnClosed,
} from "../../testing/channel-model.js";
import { Calls, checkPrograms, type Run } from "../../testing/programs.js";
import { Channel, onReceive, onSend, otherwise, select } from "../channel.js";

const capacities = [0, 1, 3];
/** The last channel is nil. */
const nil = capacities.length;

type Step =
  | { op: "send" | "receive" | "trySend" | "tryReceive" | "close"; channel: number }
  | { op: "select"; cases: { channel: number; send: boolean }[]; fallback: boolean }
  | { op: "abort"; call: number };

const channel = fc.nat({ max: nil });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constantFrom("send", "receive"), channel }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom("trySend", "tryReceive"), channel }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("close"), channel }) },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant("select"),
      // Which of two like cases on one channel comes up is left to chance, and tested by itself.
      cases: fc.uniqueArray(fc.record({ channel, send: fc.boolean() }), {
        maxLength: 4,
        selector: ({ channel, send }) => `${channel} ${send}`,
      }),
      fallback: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("abort"), call: fc.nat({ max: 30 }) }) },
) as fc.Arbitrary<Step>;

/** Channels, and the model of them, through one program. */
class Program implements Run<Step> {
  readonly #channels = [
    ...capacities.map((capacity) => new Channel<number>(capacity)),
    Channel.nil<number>(),
  ];
  readonly #models = [...capacities.map((capacity) => new ModelChannel(capacity)), new ModelChannel(0, true)];
  readonly #model = new ChannelModel(this.#models);
  readonly #calls = new Calls<unknown>();
  #begun = 0;
  #values = 0;

  step(step: Step): void {
    switch (step.op) {
      case "send":
        this.#send(step.channel);
        break;
      case "receive":
        this.#receive(step.channel);
        break;
      case "trySend":
      case "tryReceive":
        this.#attempt(step.op, step.channel);
        break;
      case "close":
        this.#close(step.channel);
        break;
      case "select":
        this.#select(step.cases, step.fallback);
        break;
      case "abort":
        this.#abort(step.call);
    }
    const state = ({ length, closed }: Channel<number>) => ({ length, closed });
    expect(this.#channels.map(state)).toEqual(
      this.#models.map(({ buffer, closed }) => ({ length: buffer.length, closed })),
    );
  }

  /** Every call came to what the model says, and those wait that wait in the model. */
  end(): void {
    const outcomes = new Map<number, unknown>();
    for (const call of this.#calls.returned) outcomes.set(call, this.#calls.outcomes[call]);
    for (const call of this.#calls.rejected)
      outcomes.set(call, (this.#calls.outcomes[call] as Error).message);
    expect(outcomes).toEqual(this.#model.outcomes);
  }

  #begin(call: (options: { signal: AbortSignal }) => Promise<unknown>): number {
    this.#begun++;
    return this.#calls.begin(call);
  }

  #send(at: number): void {
    const [model, value] = [this.#models[at]!, this.#values++];
    const call = this.#begin((options) => this.#channels[at]!.send(value, options));
    if (model.canSend) this.#model.settle(call, this.#model.send(model, value));
    else this.#model.wait(call, [{ channel: model, send: true, value, outcome: () => undefined }]);
  }

  #receive(at: number): void {
    const model = this.#models[at]!;
    const call = this.#begin((options) => this.#channels[at]!.receiveOk(options));
    if (model.canReceive) this.#model.settle(call, this.#model.receive(model));
    else this.#model.wait(call, [{ channel: model, send: false, value: 0, outcome: (got) => got }]);
  }

  #attempt(op: "trySend" | "tryReceive", at: number): void {
    const [c, model, value] = [this.#channels[at]!, this.#models[at]!, this.#values++];
    if (op === "tryReceive") {
      const possible = model.canReceive;
      expect(c.tryReceive()).toEqual(possible ? this.#model.receive(model) : undefined);
    } else if (model.closed) {
      expect(() => c.trySend(value)).toThrow(sendOnClosed);
    } else {
      const possible = model.canSend;
      expect(c.trySend(value)).toBe(possible);
      if (possible) this.#model.send(model, value);
    }
  }

  #close(at: number): void {
    const [c, model] = [this.#channels[at]!, this.#models[at]!];
    if (model.isNil) expect(() => c.close()).toThrow("close of nil channel");
    else if (model.closed) expect(() => c.close()).toThrow("close of closed channel");
    else {
      c.close();
      this.#model.close(model);
    }
  }

  #select(wanted: { channel: number; send: boolean }[], fallback: boolean): void {
    /** The case whose handler ran within the call. */
    let chosen: number | undefined;
    const choose = (index: number, ...got: Got | []) => {
      chosen = index;
      return [index, ...got];
    };
    const models = wanted.map(({ channel, send }, index): Case => {
      const outcome = (got: Got) => (send ? [index] : [index, ...got]);
      return { channel: this.#models[channel]!, send, value: this.#values++, outcome };
    });
    const cases = wanted.map(({ channel, send }, index) => {
      const c = this.#channels[channel]!;
      return send
        ? onSend(c, models[index]!.value, () => choose(index))
        : onReceive(c, (...got) => choose(index, ...got));
    });
    if (fallback) cases.push(otherwise(() => choose(-1)));

    const call = this.#begin((options) => select(options, ...cases));
    const ready = models.filter(({ channel, send }) => (send ? channel.canSend : channel.canReceive));
    if (ready.length === 0) {
      expect(chosen).toBe(fallback ? -1 : undefined);
      if (fallback) this.#model.settle(call, [-1]);
      else this.#model.wait(call, models);
    } else if (chosen === undefined) {
      expect(ready, "only a send on a closed channel runs no handler").toContainEqual(
        expect.objectContaining({ send: true, channel: expect.objectContaining({ closed: true }) }),
      );
      this.#model.settle(call, sendOnClosed);
    } else {
      const { channel, send, value, outcome } = models[chosen]!;
      expect(ready).toContain(models[chosen]);
      if (send) expect(this.#model.send(channel, value)).toBeUndefined();
      this.#model.settle(call, outcome(send ? [undefined, true] : this.#model.receive(channel)));
    }
  }

  #abort(number: number): void {
    if (this.#begun === 0) return;
    const call = number % this.#begun;
    this.#calls.abort(call);
    if (!this.#model.outcomes.has(call)) this.#model.settle(call, `call ${call} gave up`);
  }
}

describe("random programs over several channels", () => {
  it("send, receive, attempt, select, close and give up as the model does", () =>
    checkPrograms(step, () => new Program(), { numRuns: 300 }));
});
