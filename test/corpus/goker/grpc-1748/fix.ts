// grpc-1748, mended: the test waits for the transport's task before it restores the global.
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
  const transport = go(() => new AddrConn().resetTransport(), { name: "resetTransport" });
  try {
    await gosched();
    await transport.join();
  } finally {
    minConnectTimeout = before;
  }
}

export default async function scenario(): Promise<void> {
  await go(() => testDial(), { name: "test" }).join();
}
