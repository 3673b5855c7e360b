import ts from "typescript";
import { bare, enclosingFunction } from "../../project/syntax.js";
import type { World } from "./concurrency.js";
import { isReceiving, isSending } from "./counterparts.js";
import { constantNumber } from "./flow/constructions.js";
import type { ChannelOperation } from "./program.js";
import { mentions, resultVariables } from "./received.js";

/**
 * Whether the two sides end by a value that they have agreed on: one is sent that the text spells out, and
 * the receiver decides on what it receives. Then how many values follow is not for others to guess.
 */
export function followsProtocol(send: ChannelOperation, { program, snapshot }: World): boolean {
  return [...send.channels].some((channel) => {
    const operations = program.operationsOn(channel);
    const spelled = operations.some((each) => isSending(each) && isSpelledOut(sentBy(each)));
    if (!spelled) return false;
    return operations.some((each) => {
      if (!isReceiving(each)) return false;
      const results = resultVariables(each.node, snapshot);
      let decides = false;
      const visit = (node: ts.Node): void => {
        const question =
          ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isSwitchStatement(node)
            ? node.expression
            : undefined;
        if (question !== undefined && mentions(question, results, snapshot)) decides = true;
        if (!decides) ts.forEachChild(node, visit);
      };
      visit(enclosingFunction(each.node));
      return decides;
    });
  });
}

function sentBy({ node, event }: ChannelOperation): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  return node.arguments[event === "select-send" ? 1 : 0];
}

function isSpelledOut(sent: ts.Expression | undefined): boolean {
  if (sent === undefined) return false;
  const at = bare(sent);
  return (
    ts.isStringLiteralLike(at) ||
    constantNumber(at) !== undefined ||
    ts.isPrefixUnaryExpression(at) ||
    at.kind === ts.SyntaxKind.NullKeyword ||
    at.kind === ts.SyntaxKind.TrueKeyword ||
    at.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(at) && at.text === "undefined")
  );
}
