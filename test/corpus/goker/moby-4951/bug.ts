// moby-4951: deleting a device takes the device set and then the device. Waiting for the removal gives the device
// set up for a moment and takes it again, while the device is still locked: the opposite order.
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
    await this.#mu.lock();
    try {
      const info = this.#infos.get(name);
      if (!info) return;
      await gosched();
      await info.mu.lock(); // want: lock-order
      try {
        await this.#removeDeviceAndWait(info); // want: lock-order
      } finally {
        info.mu.unlock();
      }
    } finally {
      this.#mu.unlock();
    }
  }

  /** Called with both locks held; gives the device set up while the kernel takes its time. */
  async #removeDeviceAndWait(info: DeviceInfo): Promise<void> {
    if (info.removed) return;
    this.#mu.unlock();
    await sleep(2);
    await this.#mu.lock();
    info.removed = true;
  }
}

export default async function scenario(): Promise<void> {
  const devices = new DeviceSet(["pool-1"]);
  const tasks = [1, 2].map((n) => go(() => devices.deleteDevice("pool-1"), { name: `delete ${n}` }));
  for (const task of tasks) await task.join();
}
