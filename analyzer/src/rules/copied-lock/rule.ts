import ts from "typescript";
import { syntaxOf } from "../../facts/syntax-index.js";
import { ownLock, shareInstead } from "../../fixes/share.js";
import type { OwnedPrimitive } from "../../project/port.js";
import { bare, shortText } from "../../project/syntax.js";
import type { Report, RuleContext, TypedRule } from "../rule.js";
import { handWrittenCopies } from "./clone.js";
import { type Copy, copyOf } from "./copies.js";
import { doc, sources } from "./doc.js";

export const copiedLock: TypedRule = {
  id: "copied-lock",
  title: "A lock is copied",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const { spreads, properties, calls } = syntaxOf(context.file);
    for (const node of [...spreads, ...properties, ...calls]) {
      const copy = copyOf(node);
      const report = copy && reportCopy(copy, context);
      if (report !== undefined) yield report;
    }
    yield* handWrittenCopies(context);
  },
};

function reportCopy(copy: Copy, context: RuleContext): Report | undefined {
  if (isPassedAround(copy.source, copy.how, context) || isHandled(copy, context)) return undefined;
  const owned = context.snapshot.ownedBy(copy.source).filter((primitive) => isCopied(primitive, copy));
  const first = owned[0];
  if (first === undefined) return undefined;
  const source = shortText(copy.source);
  const lock =
    first.path === "" ? `${first.className} \`${source}\`` : `${first.className} \`${source}.${first.path}\``;
  return {
    node: copy.node,
    message: `${copy.how} copies ${lock}: ${copy.shares ? "two owners now believe that the lock is theirs alone" : "a copy of a lock excludes nobody, and the original is not held by it"}`,
    related: [],
    fixes: [shareInstead(copy), copy.shares ? ownLock(copy, owned) : undefined],
  };
}

/** A private `#mu` is not an own property that a spread sees; a property given anew is not copied. */
function isCopied(primitive: OwnedPrimitive, copy: Copy): boolean {
  if (primitive.path.split(".").some((step) => step.startsWith("#"))) return false;
  if (primitive.reference && copy.shares) return false;
  return !copy.overwritten.includes(primitive.path.split(".")[0] ?? "");
}

/** A bag of options that names a lock refers to it: copying the bag shares the lock, as its author means to. */
function isPassedAround(source: ts.Expression, how: string, context: RuleContext): boolean {
  if (!how.startsWith("Spreading")) return false;
  const at = bare(source);
  const name = ts.isIdentifier(at) ? at.text : ts.isPropertyAccessExpression(at) ? at.name.text : "";
  return (
    /(options|opts|props|config|deps|dependencies|context|ctx|args|params)$/i.test(name) &&
    context.snapshot.primitiveOf(at) === undefined
  );
}

/** A `postMessage` of one's own hands on a reference; a `toJSON` says itself what the text contains. */
function isHandled({ whole, source, how }: Copy, { snapshot }: RuleContext): boolean {
  if (how.startsWith("postMessage"))
    return ts.isCallExpression(whole) && snapshot.calleeOf(whole).kind === "body";
  return how.startsWith("The JSON") && snapshot.hasMember(source, "toJSON");
}
