import ts from "typescript";
import { channelsOf } from "../../facts/channels/index.js";
import { receiversGone } from "../../facts/channels/leaving.js";
import { neverMet } from "../../facts/channels/never-met.js";
import { proven } from "../deadlock/reports.js";
import type { Report, RuleContext, TypedRule } from "../rule.js";
import { doc, sources } from "./doc.js";
import { describeGone, describeNeverMet } from "./messages.js";

export const stuckChannel: TypedRule = {
  id: "stuck-channel",
  title: "Send or receive whose counterpart is missing or can be gone",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    yield* structural(context);
    // What another rule says, and ends that the two sides have agreed on, are not for the search to report.
    let others: ReadonlySet<ts.Node> | undefined;
    for (const report of proven(context, "stuck-channel")) {
      if (ts.isForOfStatement(report.node)) continue;
      others ??= saidElsewhere(context);
      if (!others.has(report.node)) yield report;
    }
  },
};

function saidElsewhere({ snapshot, file }: RuleContext): ReadonlySet<ts.Node> {
  const channels = channelsOf(snapshot);
  if (channels === undefined) return new Set();
  return new Set([...channels.onNil(file), ...channels.byProtocol(file)].map((operation) => operation.node));
}

/** What the shape of the program says: who uses a channel, in which task, and in which order. */
function* structural({ snapshot, file }: RuleContext): Iterable<Report> {
  const channels = channelsOf(snapshot);
  if (channels === undefined) return;
  const { program, tasks } = channels;
  for (const blocking of channels.blocking) {
    if (blocking.node.getSourceFile() !== file) continue;
    if (blocking.operations.some((each) => each.event === "chan-range")) continue;
    const never = neverMet(blocking, program, tasks);
    if (never !== undefined) {
      yield describeNeverMet(never);
      continue;
    }
    const [only, ...others] = blocking.operations;
    if (only?.event !== "chan-send" || others.length > 0) continue;
    const leavings = receiversGone(only, { program, tasks, snapshot });
    if (leavings !== undefined) yield describeGone(only, leavings);
  }
}
