// grpc-1748: a test shortens the global minimum connect timeout and restores it when it is done, while a transport
// task of its client still computes with it: once before an await, once after.
import { go, gosched } from "@lockscope/sync";

let minConnectTimeout = 20_000;

class AddrConn {
  async resetTransport(): Promise<number> {
    const backoff = Math.max(minConnectTimeout / 2, 10);
    await gosched(); // the back-off is waited for
    const timeout = minConnectTimeout;
    if (timeout !== backoff * 2) throw new Error(`backed off ${backoff} ms for a timeout of ${timeout} ms`);
    return timeout;
  }
}

async function testDial(): Promise<void> {
  const before = minConnectTimeout;
  minConnectTimeout = 200;
  go(() => new AddrConn().resetTransport(), { name: "resetTransport" });
  await gosched();
  minConnectTimeout = before;
}

export default async function scenario(): Promise<void> {
  await go(() => testDial(), { name: "test" }).join();
}
