import {
  enableIdentity,
  Grip,
  type Instrument,
  plugIn,
  Relocks,
  type Resource,
  registry,
  type Waiter,
} from "./runtime/index.js";

/**
 * From here on a task that locks again what it holds gets a `SyncError` (`reentrant-lock`, for reading in
 * reading with a writer in between `recursive-read-lock`) instead of waiting for itself for ever. For
 * programs under test; a traced program (`node --import @lockscope/sync/register`) does so anyway.
 *
 * Switches task identity on, with what that costs (see `currentTask`), and needs it: code outside `go` is
 * not judged, nor locks that were taken before. Two calls side by side in one task (`Promise.all`) are told
 * apart, unless the first locks before its first `await` and the second, begun after it, later on: start
 * such calls with `go`, and those that the holder makes and does not await. A lock that one task takes twice
 * because another one is to unlock it in between, which Go allows, is an error here.
 *
 * @returns what switches it off again
 * @throws {Error} when something else is plugged in that does not do it
 */
export function detectRelock(): Disposable {
  enableIdentity();
  const plugged = registry.instrument;
  if (plugged === null) {
    const detector = new RelockDetector();
    plugIn(detector);
    return {
      [Symbol.dispose]() {
        if (registry.instrument === detector) plugIn(null);
      },
    };
  }
  if (plugged.refuse === undefined) throw new Error("detectRelock: another instrument is plugged in");
  return { [Symbol.dispose]() {} };
}

class RelockDetector implements Instrument {
  readonly version = 1;
  readonly #relocks = new Relocks();

  event: Instrument["event"] = (event, resource) => {
    if (resource === null) return;
    if (event === "lock" || event === "rLock") {
      this.#relocks.took(gripsOf(resource), resource, event === "rLock");
    } else if (event === "unlock" || event === "rUnlock") {
      this.#relocks.released(gripsOf(resource), event === "rUnlock");
    }
  };

  refuse = (waiter: Waiter<never>) => this.#relocks.judge(waiter);

  parked(waiter: Waiter<never>): void {
    waiter.notes = this.#relocks.parked(waiter);
  }

  readied({ notes, resource }: Waiter<never>, failed: boolean): void {
    if (!(notes instanceof Grip) || resource === null) return;
    if (failed) this.#relocks.lost(notes);
    else this.#relocks.got(gripsOf(resource), notes);
  }

  cancelled({ notes }: Waiter<never>): void {
    if (notes instanceof Grip) this.#relocks.lost(notes);
  }

  created(): void {}
  spawned(): void {}
  began(): void {}
  ended(): void {}
}

/** What the detector keeps of a lock: who has it. */
function gripsOf(resource: Resource): Grip[] {
  resource.notes ??= [];
  return resource.notes as Grip[];
}
