declare function refresh(into: Map<string, string>): Promise<void>;

export class Providers {
  #byName: Map<string, string> | undefined;

  async named(name: string): Promise<string | undefined> {
    if (this.#byName === undefined) {
      const found = new Map<string, string>();
      await refresh(found);
      this.#byName = found; // want: lazy-init-race
    }
    return this.#byName.get(name);
  }
}
