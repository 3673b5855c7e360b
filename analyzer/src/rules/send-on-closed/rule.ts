import { channelsOf } from "../../facts/channels/index.js";
import { refused } from "../deadlock/reports.js";
import type { TypedRule } from "../rule.js";
import { channelText } from "../stuck-channel/messages.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const sendOnClosed: TypedRule = {
  id: "send-on-closed",
  title: "Send that can run after the channel is closed",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const { snapshot, file } = context;
    const channels = channelsOf(snapshot);
    if (channels === undefined) return;
    for (const { operation, close } of channels.afterClose(file)) {
      yield {
        node: operation.node,
        message: `${channelText(operation)} may be closed by then (line ${lineOf(close.node)}): a send on a closed channel throws`,
        related: [{ node: close.node, message: "the channel is closed here" }],
      };
    }
    yield* refused(context, "send-on-closed");
  },
};
