import { type QueueNode, WaitQueue } from "../runtime/index.js";

/** A queue that says, at every change, whether somebody stands in it. */
export class WatchedQueue<N extends QueueNode> extends WaitQueue<N> {
  readonly #changed: (waiting: boolean) => void;

  constructor(changed: (waiting: boolean) => void) {
    super();
    this.#changed = changed;
  }

  override push(node: N): void {
    super.push(node);
    this.#changed(true);
  }

  override shift(): N | null {
    const node = super.shift();
    this.#changed(!this.empty);
    return node;
  }

  override remove(node: N): void {
    super.remove(node);
    this.#changed(!this.empty);
  }
}
