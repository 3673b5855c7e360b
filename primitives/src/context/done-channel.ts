import { Channel } from "../channel/channel.js";
import { syncError } from "../misuse.js";

/** A context's channel. Whoever has it may only receive: Go's compiler sees to that, here it is found out. */
export class DoneChannel extends Channel<never> {
  /** @throws {SyncError} `cannot close receive-only channel`: call the context's cancel function */
  override close(): never {
    throw syncError("close-of-receive-only", "cannot close receive-only channel", this);
  }

  /** @internal The context has ended. */
  end(): void {
    super.close();
  }
}
