// Spread and Object.assign: the copy carries the same lock, beside data of its own.
import { Mutex, RWMutex, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

interface Account {
  readonly mu: Mutex;
  owner: string;
  cents: number;
}

class Counter {
  private readonly mu = new Mutex({ name: "counter" });
  value = 0;

  async add(delta: number): Promise<void> {
    await this.mu.lock();
    this.value += delta;
    this.mu.unlock();
  }

  asObject(): object {
    return { ...this }; // want: copied-lock
  }
}

const stats = { locks: { mu: new RWMutex({ name: "stats" }) }, hits: 0 };
const round = { wg: new WaitGroup({ name: "round" }), number: 1 };

export function spreadOfAnInterface(account: Account): Account {
  return { ...account, owner: "copy" }; // want: copied-lock
}

// `private` is TypeScript's word; the field is there at run time and is copied.
export function spreadOfAClass(counter: Counter): object {
  return { ...counter }; // want: copied-lock
}

export function nestedLiteral(): typeof stats {
  return { ...stats }; // want: copied-lock
}

export function waitGroup(): typeof round {
  const next = { ...round, number: round.number + 1 }; // want: copied-lock
  return next;
}

export function eachInAList(accounts: readonly Account[]): Account[] {
  return accounts.map((account) => ({ ...account })); // want: copied-lock
}

export function overwrittenTheWrongWayRound(account: Account): Account {
  return Object.assign({ mu: new Mutex() }, account); // want: copied-lock
}

export function assignToAnEmptyObject(account: Account): Account {
  return Object.assign({}, account); // want: copied-lock
}

export function assignToANewInstance(counter: Counter): Counter {
  return Object.assign(new Counter(), counter); // want: copied-lock
}

export function assignAmongOthers(account: Account): object {
  return Object.assign({ at: 0 }, { by: "clerk" }, account); // want: copied-lock
}

// ---- the same words, and nothing is copied

export function newLockAfterTheSpread(account: Account): Account {
  return { ...account, mu: new Mutex() };
}

export function withoutTheLock(account: Account): Omit<Account, "mu"> {
  const { mu: _, ...data } = account;
  return { ...data };
}

export function newOwner(account: Account): Account {
  return { mu: new Mutex(), owner: account.owner, cents: account.cents };
}

export function reference(account: Account): Account {
  const same = account;
  return same;
}

export function updatedInPlace(account: Account, cents: number): Account {
  return Object.assign(account, { cents });
}

export function listOfOwners(accounts: readonly Account[]): Account[] {
  return [...accounts, ...accounts.slice(1)];
}

export function listOfLocks(locks: readonly Mutex[]): Mutex[] {
  return [...locks];
}

export function mapOfLocks(locks: Map<string, Mutex>): Map<string, Mutex> {
  return new Map(locks);
}

/** The copy refers to the very counter of the original: its lock still goes with its value. */
interface Session {
  readonly counter: Counter;
  user: string;
}

export function refersToAnOwner(session: Session): Session {
  return { ...session, user: "guest" };
}

export function putsAnOwnerIntoAnObject(counter: Counter): object {
  return Object.assign({}, { counter });
}

export function spreadAsArguments(add: (...counters: Counter[]) => void, counters: Counter[]): void {
  add(...counters);
}

class Hidden {
  readonly #mu = new Mutex({ name: "hidden" });
  value = 0;

  async add(delta: number): Promise<void> {
    await this.#mu.lock();
    this.value += delta;
    this.#mu.unlock();
  }
}

// A #field belongs to the instance and to no copy of it.
export function spreadLeavesPrivateNamesBehind(hidden: Hidden): object {
  return { ...hidden };
}

class Shared {
  static readonly mu = new Mutex({ name: "shared" });
  value = 0;
}

export function staticLockIsOne(shared: Shared): object {
  return { ...shared };
}

class Lazy {
  static readonly locks = new WeakMap<Lazy, Mutex>();
  get mu(): Mutex {
    return Lazy.locks.get(this)!;
  }
  value = 0;
}

// A getter of the prototype is not copied either.
export function getterStaysOnThePrototype(lazy: Lazy): object {
  return { ...lazy };
}

/** As in Go, a channel is a reference: two holders of it hold one channel. */
interface Inbox {
  readonly messages: Channel<string>;
  name: string;
}

export function channelIsAReference(inbox: Inbox): Inbox {
  return { ...inbox, name: "other" };
}

/** Options name the lock that the caller wants used: sharing it is what they are for. */
interface Options {
  mu?: Mutex;
  retries?: number;
}

export function defaults(options: Options): Options {
  return { retries: 3, ...options };
}

export function generic<T extends object>(value: T): T {
  return { ...value };
}
