import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a server listens, in the form that `LOCKSCOPE_TRACE` has. */
export interface Endpoint {
  readonly address: string;
  close(): Promise<void>;
}

/** What fits in a `sockaddr_un` of every system, the final NUL included (macOS: 104). */
const MAX_SOCKET_PATH = 100;

/**
 * Listens where only this user can connect: a Unix socket in a folder of mode 0700, or a named pipe with a name
 * that cannot be guessed. A temporary folder whose path is too long for a socket leaves a loopback port.
 */
export async function listen(server: Server): Promise<Endpoint> {
  if (process.platform === "win32") {
    const path = `\\\\.\\pipe\\lockscope-${randomUUID()}`;
    await listening(server, { path });
    return { address: `pipe:${path}`, close: () => closed(server) };
  }
  const folder = await mkdtemp(join(tmpdir(), "lockscope-"));
  const path = join(folder, "trace.sock");
  // At once, not some time later: the editor gives a window that closes little time.
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  if (Buffer.byteLength(path) < MAX_SOCKET_PATH) {
    await listening(server, { path }).catch((error) => {
      removeFolder();
      throw error;
    });
    const close = () => {
      const done = closed(server);
      removeFolder();
      return done;
    };
    return { address: `pipe:${path}`, close };
  }
  removeFolder();
  await listening(server, { host: "127.0.0.1", port: 0 });
  const { port } = server.address() as AddressInfo;
  return { address: `tcp:127.0.0.1:${port}`, close: () => closed(server) };
}

function listening(server: Server, where: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
