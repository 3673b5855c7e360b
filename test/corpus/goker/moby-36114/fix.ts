// moby-36114, mended: the clean-up has a form for callers that hold the lock already.
import { go, Mutex } from "@lockscope/sync";

class ServiceVm {
  readonly #mu = new Mutex({ name: "service vm" });
  readonly #attached = new Set<string>();

  async #attach(disk: string): Promise<boolean> {
    if (disk.startsWith("broken")) return false;
    this.#attached.add(disk);
    return true;
  }

  #removeLocked(disks: readonly string[]): void {
    for (const disk of disks) this.#attached.delete(disk);
  }

  async hotAddVhdsAtStart(disks: readonly string[]): Promise<boolean> {
    using _guard = await this.#mu.acquire();
    for (const [index, disk] of disks.entries()) {
      if (!(await this.#attach(disk))) {
        this.#removeLocked(disks.slice(0, index));
        return false;
      }
    }
    return true;
  }

  async hotRemoveVhdsAtStart(disks: readonly string[]): Promise<void> {
    using _guard = await this.#mu.acquire();
    this.#removeLocked(disks);
  }
}

export default async function scenario(): Promise<void> {
  const vm = new ServiceVm();
  await go(() => vm.hotAddVhdsAtStart(["data.vhd", "broken.vhd"]), { name: "start" }).join();
}
