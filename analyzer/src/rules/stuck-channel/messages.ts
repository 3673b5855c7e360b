import type ts from "typescript";
import { isSending } from "../../facts/channels/counterparts.js";
import type { Leaving } from "../../facts/channels/leaving.js";
import type { NeverMet } from "../../facts/channels/never-met.js";
import type { ChannelOperation } from "../../facts/channels/program.js";
import { shortText } from "../../project/syntax.js";
import type { Note, Report } from "../rule.js";

export function channelText(operation: ChannelOperation): string {
  return operation.channel === undefined ? "the channel" : `\`${shortText(operation.channel)}\``;
}

/** The construction, for the reader who wonders which channel is meant. */
export function madeNote(operation: ChannelOperation): Note[] {
  const [channel] = operation.channels;
  return channel === undefined ? [] : [{ node: channel.node, message: "the channel is made here" }];
}

export function describeNeverMet({ blocking, late }: NeverMet): Report {
  const [first] = blocking.operations;
  if (first === undefined) throw new Error("a wait without an operation");
  const many = blocking.operations.length > 1;
  const sending = isSending(first);
  const wanted = sending ? "receives from" : "sends to or closes";
  const name = many ? "any channel of this select" : channelText(first);
  const message =
    late.length === 0
      ? `Nobody ever ${wanted} ${name}: this waits for ever`
      : `Whatever ${wanted} ${name} comes only after this, which therefore waits for ever`;
  return { node: blocking.node, message, related: [...lateNotes(late), ...madeNote(first)] };
}

export function describeGone(send: ChannelOperation, leavings: readonly Leaving[]): Report {
  const ways = leavings
    .slice(0, 3)
    .flatMap(({ receive, other }): Note[] => [
      { node: receive.node, message: "the receiver" },
      ...(other === undefined
        ? []
        : [{ node: other.node, message: "when this case comes first, the receiver leaves" }]),
    ]);
  const [first] = leavings;
  const how =
    first?.other === undefined
      ? "may leave its loop early"
      : `may leave when ${channelText(first.other)} comes first`;
  const room = [...send.channels].some((channel) => channel.capacity === 0)
    ? ""
    : ", and once the channel is full";
  return {
    node: send.node,
    message: `The receiver of ${channelText(send)} ${how}${room}: this send then waits for ever`,
    related: [...ways, ...madeNote(send)],
  };
}

function lateNotes(late: readonly ChannelOperation[]): Note[] {
  const nodes = new Set<ts.Node>(late.map((each) => each.node));
  return [...nodes].slice(0, 3).map((node) => ({ node, message: "would end the wait, and comes too late" }));
}
