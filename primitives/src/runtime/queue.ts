/** What stands in a queue. The links are in the node, so that leaving from the middle is O(1) too. */
export interface QueueNode {
  /** @internal */
  prev: QueueNode | null;
  /** @internal */
  next: QueueNode | null;
  /** @internal */
  queue: object | null;
  /** Whether its signal has aborted: such a waiter may not be given anything any more. */
  readonly aborted: boolean;
  /** Gives up the wait, out of turn. */
  cancel(): void;
}

/** Takes `node` out of its queue, wherever it stands in it; no matter if it has left already. */
export function leaveQueue(node: QueueNode): void {
  (node.queue as WaitQueue<QueueNode> | null)?.remove(node);
}

/** Waiters in order of arrival: an intrusive, doubly linked list. All operations are O(1). */
export class WaitQueue<N extends QueueNode> {
  #head: N | null = null;
  #tail: N | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get empty(): boolean {
    return this.#head === null;
  }

  /** Who is next, if his signal has not aborted. */
  get first(): N | null {
    return this.#head;
  }

  push(node: N): void {
    const tail = this.#tail;
    node.queue = this;
    node.prev = tail;
    if (tail === null) this.#head = node;
    else tail.next = node;
    this.#tail = node;
    this.#length++;
  }

  /**
   * Takes the first waiter out. An abort reaches its listeners one after the other, and one of them
   * may release the lock before our own listener has run: so a waiter whose signal has aborted by
   * now is cancelled here and passed over.
   */
  shift(): N | null {
    const head = this.#head;
    if (head === null) return null;
    if (head.aborted) return this.#shiftPast(head);
    const next = head.next as N | null;
    this.#head = next;
    if (next === null) this.#tail = null;
    else next.prev = null;
    head.next = head.queue = null;
    this.#length--;
    return head;
  }

  /** Takes all of them out, in order of arrival: `tell` is given each one when it has left. */
  drain(tell: (waiter: N) => void): void {
    for (let next = this.shift(); next !== null; next = this.shift()) tell(next);
  }

  /** The first waiter, which keeps its place; those whose signal has aborted by now are cancelled first. */
  peek(): N | null {
    for (let head = this.#head; ; head = this.#head) {
      if (head === null || !head.aborted) return head;
      head.cancel();
    }
  }

  /** Takes `node` out wherever it stands; no matter if it has left already. */
  remove(node: N): void {
    if (node.queue !== this) return;
    const { prev, next } = node;
    if (prev === null) this.#head = next as N | null;
    else prev.next = next;
    if (next === null) this.#tail = prev as N | null;
    else next.prev = prev;
    node.prev = node.next = node.queue = null;
    this.#length--;
  }

  /** Rare, and apart for that: what every hand-off runs stays small. */
  #shiftPast(head: N): N | null {
    for (let first: N | null = head; first?.aborted === true; first = this.#head) first.cancel();
    return this.shift();
  }
}
