import { channelsOf } from "../../facts/channels/index.js";
import type { ChannelOperation } from "../../facts/channels/program.js";
import type { TypedRule } from "../rule.js";
import { channelText } from "../stuck-channel/messages.js";
import { doc, sources } from "./doc.js";

export const nilChannel: TypedRule = {
  id: "nil-channel",
  title: "Operation on a channel that is surely nil",
  severity: "error",
  doc,
  sources,
  *run({ snapshot, file }) {
    const channels = channelsOf(snapshot);
    if (channels === undefined) return;
    for (const operation of channels.onNil(file)) {
      const nil = [...operation.channels].find((each) => each.made === "nil");
      yield {
        node: operation.node,
        message: `${channelText(operation)} is a nil channel here: ${consequence(operation)}`,
        related: nil === undefined ? [] : [{ node: nil.node, message: "the nil channel comes from here" }],
      };
    }
  },
};

function consequence({ event }: ChannelOperation): string {
  switch (event) {
    case "chan-close":
      return "closing it throws";
    case "chan-send":
      return "this send waits for ever";
    case "chan-range":
      return "this loop waits for ever";
    default:
      return "this receive waits for ever";
  }
}
