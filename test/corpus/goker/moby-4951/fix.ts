// moby-4951, mended: the order is device, then device set, everywhere; the set is given up and taken again alone.
import { go, gosched, Mutex, sleep } from "@lockscope/sync";

class DeviceInfo {
  readonly mu = new Mutex({ name: "info" });
  removed = false;
}

class DeviceSet {
  readonly #mu = new Mutex({ name: "devices" });
  readonly #infos = new Map<string, DeviceInfo>();

  constructor(names: readonly string[]) {
    for (const name of names) this.#infos.set(name, new DeviceInfo());
  }

  async deleteDevice(name: string): Promise<void> {
    const info = await this.#mu.withLock(() => this.#infos.get(name));
    if (!info) return;
    await gosched();
    await info.mu.lock();
    try {
      await this.#removeDeviceAndWait(info);
    } finally {
      info.mu.unlock();
    }
  }

  /** Called with the device locked and the device set free. */
  async #removeDeviceAndWait(info: DeviceInfo): Promise<void> {
    if (info.removed) return;
    await sleep(2);
    await this.#mu.withLock(() => {
      info.removed = true;
    });
  }
}

export default async function scenario(): Promise<void> {
  const devices = new DeviceSet(["pool-1"]);
  const tasks = [1, 2].map((n) => go(() => devices.deleteDevice("pool-1"), { name: `delete ${n}` }));
  for (const task of tasks) await task.join();
}
