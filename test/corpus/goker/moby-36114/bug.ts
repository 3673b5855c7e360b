// moby-36114: adding disks at start holds the service VM and, to clean up after a failure, calls the public method
// that takes the same lock.
import { go, Mutex } from "@lockscope/sync";

class ServiceVm {
  readonly #mu = new Mutex({ name: "service vm" });
  readonly #attached = new Set<string>();

  async #attach(disk: string): Promise<boolean> {
    if (disk.startsWith("broken")) return false;
    this.#attached.add(disk);
    return true;
  }

  async hotAddVhdsAtStart(disks: readonly string[]): Promise<boolean> {
    await this.#mu.lock();
    try {
      for (const [index, disk] of disks.entries()) {
        if (!(await this.#attach(disk))) {
          await this.hotRemoveVhdsAtStart(disks.slice(0, index)); // want: reentrant-lock
          return false;
        }
      }
      return true;
    } finally {
      this.#mu.unlock();
    }
  }

  async hotRemoveVhdsAtStart(disks: readonly string[]): Promise<void> {
    await this.#mu.lock();
    try {
      for (const disk of disks) this.#attached.delete(disk);
    } finally {
      this.#mu.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const vm = new ServiceVm();
  await go(() => vm.hotAddVhdsAtStart(["data.vhd", "broken.vhd"]), { name: "start" }).join();
}
