import { type LockState, lockOrderOf } from "@lockscope/trace";
import { useMemo, useState } from "preact/hooks";
import { orderPicture } from "../graph/lock-order.js";
import { lockText } from "../model/describe.js";
import { lockFocus } from "../model/focus.js";
import { formatCount, plural } from "../model/format.js";
import { Graph } from "./graph.js";
import { OrderStepText } from "./order-step.js";
import { usePage } from "./page.js";

/** Which locks were taken, or asked for, while others were held: who follows the arrows cannot deadlock. */
export function LockOrderGraph({ locks }: { readonly locks: readonly LockState[] }) {
  const { session, setFocus } = usePage();
  const [chosen, setChosen] = useState<string>();
  const { orders } = session;
  const size = orders === undefined ? 0 : orders.edges.length + orders.version;
  const order = useMemo(() => orders && lockOrderOf(orders), [orders, size]);
  const wanted = useMemo(() => new Set(locks.map(({ id }) => id)), [locks]);
  const picture = useMemo(() => order && orderPicture(order, wanted), [order, wanted]);
  if (order === undefined || picture === undefined || picture.edges.size === 0) {
    return (
      <section class="graphs" id="lock-order" aria-label="Lock order">
        <p class="note">No task has taken one of these locks while it held another.</p>
      </section>
    );
  }
  const choose = (key: string) => {
    setChosen(key);
    const lock = picture.locks.get(key);
    if (lock !== undefined) setFocus(lockFocus(lock));
  };
  const { edges } = picture;
  const describe = (key: string) => {
    const edge = edges.get(key);
    if (edge === undefined) return lockText(picture.locks.get(key)!);
    return `${lockText(edge.first)}, then ${lockText(edge.second)}: ${plural(edge.count, "time")}`;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll graphs" id="lock-order" tabIndex={0} aria-label="Lock order">
      <figure>
        <figcaption>
          Lock order{" "}
          <span class="count">
            {order.inversions.length === 0
              ? "nothing taken in opposite orders"
              : `${plural(order.inversions.length, "circle")} of locks taken in opposite orders`}
          </span>
        </figcaption>
        <div class="drawing">
          <Graph
            drawing={picture.drawing}
            label="Lock order"
            chosen={chosen}
            describe={describe}
            onChoose={choose}
          />
        </div>
        <ul class="edges">
          {[...edges].map(([key, edge]) => (
            <li key={key} aria-current={key === chosen} data-edge={`${edge.first.name} ${edge.second.name}`}>
              <OrderStepText edge={edge} witness={edge.witness} />
              {edge.count > 1 && <span class="dim">; {formatCount(edge.count)} times in all</span>}
            </li>
          ))}
        </ul>
      </figure>
      {picture.omitted > 0 && (
        <p class="note">{plural(picture.omitted, "more order")} not drawn: search for a lock.</p>
      )}
      {order.truncated && <p class="note">There was more than is kept.</p>}
    </section>
  );
}
