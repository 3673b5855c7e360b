import { type Locker, Mutex, RWMutex } from "@lockscope/sync";

declare function save(text: string): Promise<void>;

const registry = new Mutex({ name: "registry" });

export class Right {
  static readonly all = new Mutex({ name: "all" });
  readonly #mu = new Mutex({ name: "mu" });
  readonly state = { rw: new RWMutex({ name: "rw" }) };
  /** @guardedBy #mu */
  #count = 0;
  /** @guardedBy this.state.rw, #mu */
  #text = "";
  /** @guardedBy registry */
  #name = "";
  /** @guardedBy Right.all */
  #sum = 0;

  /** Gives the lock to its caller. @acquires #mu */
  async begin(): Promise<void> {
    await this.#mu.lock();
  }

  /** @acquires #mu if it answers true */
  tryBegin(): boolean {
    return this.#mu.tryLock();
  }

  /** @releases #mu */
  end(): void {
    this.#mu.unlock();
  }

  /**
   * @requires lodash
   * @requires module:rows
   * @requires #mu
   * @excludes other.state.rw
   */
  add(other: Right): void {
    this.#count += other.#count; // want: unguarded-access
  }

  /** Names of locks in prose: see @guardedBy somewhere, or @acquires nothing. */
  async text(): Promise<string> {
    await save(this.#text + this.#name + this.#sum);
    return "";
  }
}

export class Wrong {
  readonly #mu = new Mutex({ name: "mu" });
  readonly rows: string[] = [];
  /** @guardedBy mutex */ // want: bad-annotation
  #count = 0;
  /** @guardedBy rows */ // want: bad-annotation
  #text = "";
  /** @guardedBy this.state.mu */ // want: bad-annotation
  #name = "";
  /** @acquires #mu */ // want: bad-annotation
  #sum = 0;

  /** @guardedBy #mu */ // want: bad-annotation
  get sum(): number {
    return this.#sum + this.#count + this.#text.length + this.#name.length;
  }

  /** @acquires #mu */ // want: bad-annotation
  async begin(): Promise<void> {
    await save("begin");
  }

  /** @acquires #mu */ // want: bad-annotation
  async take(): Promise<void> {
    await this.#mu.lock();
    this.#sum += 1;
    this.#mu.unlock();
  }

  /** @releases #mu */ // want: bad-annotation
  end(): void {
    this.#sum = 0;
  }

  /** @requires #mux */ // want: bad-annotation
  bump(): void {
    this.#sum += 1;
  }

  /**
   * @param lock of somebody
   * @requires lok
   * @excludes ghost // want: bad-annotation
   */
  with(lock: Mutex): boolean {
    return lock.locked;
  }
}

/** @guardedBy nobody */ // want: bad-annotation
let unguarded = 0;

/** @guardedBy owner.l */
let guarded = 0;
const owner: { readonly l: Locker } = { l: registry };

export function read(): number {
  return unguarded;
}

export async function write(): Promise<void> {
  await owner.l.lock();
  guarded = unguarded;
  owner.l.unlock();
}
