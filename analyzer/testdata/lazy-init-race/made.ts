declare function prepare(): Promise<void>;
declare function fetchOnce(url: string): Promise<{ ok: boolean }>;

class Signer {
  readonly at = Date.now();
}

export class Clients {
  #signer: Signer | undefined;
  #started = false;
  #state = "idle";
  readonly byUrl = new Map<string, number>();

  get started(): boolean {
    return this.#started;
  }

  async signer(): Promise<Signer> {
    if (!this.#signer) {
      await prepare();
      this.#signer = new Signer(); // want: lazy-init-race
    }
    return this.#signer;
  }

  async start(): Promise<void> {
    if (this.started) return;
    await prepare();
    this.#started = true; // want: lazy-init-race
  }

  async count(url: string): Promise<void> {
    if (!this.byUrl.has(url)) {
      await fetchOnce(url);
      this.byUrl.set(url, 0); // want: lazy-init-race
    }
  }

  async move(): Promise<void> {
    if (this.#state === "open") return;
    this.#state = (await fetchOnce("/")).ok ? "open" : "closed";
  }
}
