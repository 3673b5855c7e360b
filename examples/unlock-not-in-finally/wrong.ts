// A producer sends orders, a consumer books them into a ledger. A bad order throws between lock and unlock.
// You should see: order 1 booked, order 2 refused, and then nothing. The consumer caught the error, but the
// ledger is still locked from the order before, so order 3 waits for ever.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

interface Order {
  readonly id: number;
  readonly amount: number;
}

const ledger = { mu: new Mutex({ name: "ledger" }), total: 0 };

async function charge(order: Order): Promise<number> {
  await sleep(2);
  if (order.amount < 0) throw new Error(`order ${order.id} has a negative amount`);
  return order.amount;
}

async function book(order: Order): Promise<void> {
  await ledger.mu.lock(); // want: unlock-not-in-finally
  ledger.total += await charge(order);
  ledger.mu.unlock();
  console.log(`order ${order.id} booked`);
}

const orders = new Channel<Order>(0, { name: "orders" });
go(
  async () => {
    for (const [index, amount] of [30, -1, 12].entries()) {
      await orders.send({ id: index + 1, amount });
    }
    orders.close();
  },
  { name: "producer" },
);

const consumer = go(
  async () => {
    for await (const order of orders) {
      try {
        await book(order);
      } catch (error) {
        console.log("refused:", (error as Error).message);
      }
    }
  },
  { name: "consumer" },
);
await consumer.join();
console.log(`the ledger holds ${ledger.total}`);
