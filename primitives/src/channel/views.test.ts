import { describe, expect, expectTypeOf, it } from "vitest";
import {
  Channel,
  onReceive,
  onSend,
  type ReceiveChannel,
  type SendChannel,
  select,
  tick,
} from "../channel.js";

interface Animal {
  name: string;
}
interface Dog extends Animal {
  bark(): string;
}

/** Held by `tsc` (`npm run typecheck`): each expected error is one that a user would see as he types. */
describe("SendChannel and ReceiveChannel", () => {
  it("a channel is both views of itself, and of the kinds that fit", () => {
    expectTypeOf<Channel<Dog>>().toExtend<SendChannel<Dog>>();
    expectTypeOf<Channel<Dog>>().toExtend<ReceiveChannel<Dog>>();
    expectTypeOf<Channel<Dog>>().toExtend<ReceiveChannel<Animal>>();
    expectTypeOf<Channel<Animal>>().toExtend<SendChannel<Dog>>();
    expectTypeOf<ReceiveChannel<Dog>>().toExtend<ReceiveChannel<Animal>>();
    expectTypeOf<SendChannel<Animal>>().toExtend<SendChannel<Dog>>();
    expectTypeOf(tick).returns.toExtend<ReceiveChannel<Date>>();
  });

  it("and of no others", () => {
    expectTypeOf<Channel<Animal>>().not.toExtend<ReceiveChannel<Dog>>();
    expectTypeOf<Channel<Dog>>().not.toExtend<SendChannel<Animal>>();
    expectTypeOf<ReceiveChannel<Animal>>().not.toExtend<ReceiveChannel<Dog>>();
    expectTypeOf<SendChannel<Dog>>().not.toExtend<SendChannel<Animal>>();
    expectTypeOf<ReceiveChannel<Dog>>().not.toExtend<SendChannel<Dog>>();
    expectTypeOf<SendChannel<Dog>>().not.toExtend<ReceiveChannel<Dog>>();
    expectTypeOf<SendChannel<Dog> & ReceiveChannel<Dog>>().not.toExtend<Channel<Dog>>();
    expectTypeOf<Omit<Channel<Dog>, symbol>>().not.toExtend<ReceiveChannel<Dog>>();
  });

  it("what is received has the type that the view speaks of", () => {
    expectTypeOf<ReceiveChannel<Animal>["receive"]>().returns.resolves.toEqualTypeOf<Animal | undefined>();
    const each = async (dogs: ReceiveChannel<Dog>) => {
      for await (const dog of dogs) expectTypeOf(dog).toEqualTypeOf<Dog>();
    };
    expect(each).toBeTypeOf("function");
    const dogs = new Channel<Dog>();
    expectTypeOf(onReceive(dogs, (dog) => dog?.bark())).toExtend<{ __case: string | undefined }>();
  });

  it("perm.go: the wrong way round is an error as it is typed", () => {
    const misuse = async (send: SendChannel<number>, receive: ReceiveChannel<number>) => {
      // @ts-expect-error receives from a channel that is for sending
      await send.receive();
      // @ts-expect-error the same, without waiting
      send.tryReceive();
      // @ts-expect-error ranges over a channel that is for sending
      for await (const _ of send);
      // @ts-expect-error sends on a channel that is for receiving
      await receive.send(1);
      // @ts-expect-error the same, without waiting
      receive.trySend(1);
      // @ts-expect-error closes a channel that is for receiving: that is for those to do who send
      receive.close();
      await select(
        // @ts-expect-error a case that receives needs a channel to receive from
        onReceive(send, () => {}),
        // @ts-expect-error a case that sends needs a channel to send on
        onSend(receive, 1, () => {}),
      );
      // @ts-expect-error a number, not its text
      onSend(send, "1", () => {});
      // @ts-expect-error a view does not give the channel back
      const _channel: Channel<number> = receive;
      // @ts-expect-error what looks like a channel is none
      const _fake: ReceiveChannel<number> = { ...receive };
    };
    expect(misuse).toBeTypeOf("function");
  });

  it("a view is the channel itself", async () => {
    const channel = new Channel<number>(1);
    const send: SendChannel<number> = channel;
    const receive: ReceiveChannel<number> = channel;
    await select(onSend(send, 1, () => {}));
    expect(await select(onReceive(receive, (value, ok) => [value, ok]))).toEqual([1, true]);
    send.close();
    expect([receive.closed, receive.capacity, receive.name]).toEqual([true, 1, channel.name]);
  });
});
