import ts from "typescript";
import { channelsOf } from "../../facts/channels/index.js";
import { isClosedOnCondition, neverClosed } from "../../facts/channels/never-closed.js";
import { proven } from "../deadlock/reports.js";
import type { TypedRule } from "../rule.js";
import { channelText, madeNote } from "../stuck-channel/messages.js";
import { doc, sources } from "./doc.js";

export const rangeOverUnclosed: TypedRule = {
  id: "range-over-unclosed",
  title: "Loop over a channel that nobody closes",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    const { snapshot, file } = context;
    const channels = channelsOf(snapshot);
    if (channels === undefined) return;
    for (const { node, operations } of channels.blocking) {
      const [range] = operations;
      if (range?.event !== "chan-range" || node.getSourceFile() !== file) continue;
      if (!neverClosed(range, channels.program, channels.tasks)) continue;
      yield {
        node,
        message: `Nobody closes ${channelText(range)}: this loop waits for one more value for ever`,
        related: madeNote(range),
      };
    }
    // Closed on some ways only: the search has found one on which it is not.
    const counted = new Set(
      channels.program
        .operationsIn(file)
        .filter((each) => each.event === "chan-range" && isClosedOnCondition(each, channels.program))
        .map((each) => each.node),
    );
    for (const report of proven(context, "stuck-channel"))
      if (ts.isForOfStatement(report.node) && !counted.has(report.node)) yield report;
  },
};
