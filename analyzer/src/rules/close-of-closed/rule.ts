import { channelsOf } from "../../facts/channels/index.js";
import { refused } from "../deadlock/reports.js";
import type { TypedRule } from "../rule.js";
import { channelText } from "../stuck-channel/messages.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const closeOfClosed: TypedRule = {
  id: "close-of-closed",
  title: "Channel that can be closed twice",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const { snapshot, file } = context;
    const channels = channelsOf(snapshot);
    if (channels === undefined) return;
    for (const { operation, close } of channels.closedTwice(file)) {
      const again = operation === close;
      yield {
        node: operation.node,
        message: again
          ? `${channelText(operation)} is closed here more than once: the second time throws`
          : `${channelText(operation)} may be closed already (line ${lineOf(close.node)}): closing it twice throws`,
        related: again ? [] : [{ node: close.node, message: "the other close" }],
      };
    }
    yield* refused(context, "close-of-closed");
  },
};
