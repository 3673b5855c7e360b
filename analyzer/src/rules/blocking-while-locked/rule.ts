import ts from "typescript";
import { shortText } from "../../project/syntax.js";
import { proven } from "../deadlock/reports.js";
import type { Note, Report, Rule, RuleContext } from "../rule.js";
import { heldAs, lineOf, takenNote } from "../text.js";
import { channelObstacle, type Obstacle } from "./channels.js";
import { doc, sources } from "./doc.js";
import { joinedUnderLock } from "./joined.js";
import { taskObstacle } from "./tasks.js";
import { type Wait, waitsUnderLock } from "./waits.js";

export const blockingWhileLocked: Rule = {
  id: "blocking-while-locked",
  title: "Waits, with a lock held, for somebody who needs it",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    const reported = new Set<ts.Node>();
    for (const wait of waitsUnderLock(context)) {
      if (reported.has(wait.node)) continue;
      const found = channelObstacle(wait, context) ?? taskObstacle(wait, context);
      if (found === undefined) continue;
      reported.add(wait.node);
      yield report(wait, found, context);
    }
    for (const found of joinedUnderLock(context)) {
      if (reported.has(found.node)) continue;
      reported.add(found.node);
      yield found;
    }
    // What the search has proved of the same wait, it may have seen at another part of the same line.
    const lines = new Set([...reported].map(lineOf));
    for (const found of proven(context, "blocking-while-locked"))
      if (!lines.has(lineOf(found.node))) yield found;
  },
};

function report(wait: Wait, { hold, other, site }: Obstacle, { file }: RuleContext): Report {
  const where = (node: ts.Node) =>
    node.getSourceFile() === file ? `line ${lineOf(node)}` : `${baseName(node)}:${lineOf(node)}`;
  const lock = `\`${hold.place.text}\``;
  const counted = site === other;
  const message = counted
    ? `this waits with ${lock} ${heldAs(hold.mode)} since ${where(hold.site)} for what is counted at ${where(other)}, and nothing ever counts it down`
    : `this waits with ${lock} ${heldAs(hold.mode)} since ${where(hold.site)} for ${where(other)}, which needs that lock first (${where(site)}): neither goes on`;
  const notes: Note[] = [
    takenNote(hold),
    ...wait.chain.filter((call) => call !== wait.node).map((node) => ({ node, message: "which calls this" })),
  ];
  if (wait.call !== wait.node) notes.push({ node: wait.call, message: "where the task waits" });
  notes.push({ node: other, message: `\`${shortText(other)}\` is what it waits for` });
  if (!counted) notes.push({ node: site, message: `${lock} is needed before that` });
  return {
    node: placeOfWait(wait.node),
    message: message.charAt(0).toUpperCase() + message.slice(1),
    related: notes,
  };
}

/** The head of a `for await` is what waits. */
function placeOfWait(node: ts.Node): ts.Node {
  return ts.isForOfStatement(node) ? node.expression : node;
}

function baseName(node: ts.Node): string {
  return node.getSourceFile().fileName.split("/").at(-1) ?? "";
}
