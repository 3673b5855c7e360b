import ts from "typescript";
import {
  type Blocking,
  counterparts,
  firesByItself,
  isAvailable,
  isReceiving,
  isSending,
} from "../../facts/channels/counterparts.js";
import { type Channels, channelsOf } from "../../facts/channels/index.js";
import type { ChannelOperation } from "../../facts/channels/program.js";
import type { Hold } from "../../facts/state.js";
import { type Place, placeOf } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import type { RuleContext } from "../rule.js";
import { createNeeds, type Needs } from "./needs.js";
import type { Wait } from "./waits.js";

/** The other side of a wait, and where it wants what the one that waits holds. */
export interface Obstacle {
  readonly hold: Hold;
  readonly other: ts.Node;
  readonly site: ts.Node;
}

interface Known {
  readonly channels: Channels;
  readonly needs: Needs;
  readonly blocking: ReadonlyMap<ts.Node, Blocking>;
}

const known = new WeakMap<Snapshot, Known>();

function knownOf({ snapshot, facts }: RuleContext): Known | undefined {
  const channels = channelsOf(snapshot);
  if (channels === undefined) return undefined;
  let found = known.get(snapshot);
  if (found === undefined) {
    const blocking = new Map(channels.blocking.map((each) => [each.node, each]));
    found = { channels, needs: createNeeds(channels, facts, snapshot), blocking };
    known.set(snapshot, found);
  }
  return found;
}

/** Whoever could end the wait has to take a lock first that is held meanwhile. */
export function channelObstacle(wait: Wait, context: RuleContext): Obstacle | undefined {
  const all = knownOf(context);
  const blocking = all?.blocking.get(wait.call);
  if (all === undefined || blocking === undefined) return undefined;
  for (const hold of wait.holds) {
    let last: Obstacle | undefined;
    const every = blocking.operations.every((operation) => {
      const at = wait.place ?? (operation.channel && placeOf(operation.channel, context.snapshot));
      last = belongsToAnother(at, hold) ? undefined : obstacleOf(operation, hold, all);
      return last !== undefined;
    });
    if (every && last !== undefined) return last;
  }
  return undefined;
}

function obstacleOf(
  operation: ChannelOperation,
  hold: Hold,
  { channels: { program, tasks }, needs }: Known,
): Obstacle | undefined {
  if (operation.channels.size === 0) return undefined;
  let found: Obstacle | undefined;
  for (const channel of operation.channels) {
    if (channel.made === "nil" || firesByItself(channel, program)) return undefined;
    // What has room waits only when it comes again and again.
    if (isSending(operation) && channel.capacity !== 0 && !needs.isRepeated(operation)) return undefined;
    const others = counterparts(operation, channel, program, tasks).filter((other) =>
      isAvailable(operation, other, channel, program, tasks),
    );
    const receivers = others.filter((other) => isReceiving(other) || other.event === "chan-try-receive");
    const decisive = isSending(operation) && receivers.length > 0 ? receivers : others;
    if (decisive.length === 0) return undefined;
    for (const other of decisive) {
      const site = needs.of(other, operation, hold);
      if (site === undefined) return undefined;
      found ??= { hold, other: other.node, site };
    }
  }
  return found;
}

/** `peer.inbox.send(…)` under `this.mu`: the peer's receiver wants the peer's lock. */
function belongsToAnother(at: Place | undefined, { place }: Hold): boolean {
  if (at === undefined || at.path.length === 0 || place.path.length === 0) return false;
  const [one, other] = [at.field?.declaration?.parent, place.field?.declaration?.parent];
  if (one === undefined || one !== other || !ts.isClassLike(one)) return false;
  const owner = (key: string) => key.slice(0, key.lastIndexOf("."));
  return owner(at.key) !== owner(place.key) && at.root !== place.root;
}
