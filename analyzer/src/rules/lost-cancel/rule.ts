import ts from "typescript";
import { followPaths } from "../../facts/paths.js";
import { cancelInFinally } from "../../fixes/cancel.js";
import type { Unit } from "../../ir/lower.js";
import type { Variable } from "../../project/port.js";
import { bare, enclosingFunction, meaningfulParent } from "../../project/syntax.js";
import { calledName, eventOf } from "../events.js";
import type { Note, Report, Rule, RuleContext } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const lostCancel: Rule = {
  id: "lost-cancel",
  title: "Nobody cancels the context",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      if (!calledName(call)?.startsWith("with")) continue;
      if (eventOf(call, context.snapshot) === "context-with") yield* lost(call, context);
    }
  },
};

function* lost(call: ts.CallExpression, context: RuleContext): Iterable<Report> {
  const { parent, child } = meaningfulParent(call);
  if (isThrownAway(parent, child)) {
    yield { node: call, message: "the cancel function is thrown away: the context is never cancelled" };
    return;
  }
  if (!ts.isVariableDeclaration(parent) || !ts.isArrayBindingPattern(parent.name)) return;
  const bound = parent.name.elements[1];
  const message = "the cancel function is thrown away: the context is never cancelled";
  if (bound === undefined || ts.isOmittedExpression(bound)) {
    yield { node: call, message, fixes: [cancelInFinally(call, parent, undefined)] };
    return;
  }
  if (!ts.isIdentifier(bound.name) || isExported(parent)) return;
  const cancel = context.snapshot.variableOf(bound.name);
  if (cancel === undefined) return;
  const name = bound.name.text;
  const home = enclosingFunction(call);
  const uses = usesOf(bound.name, cancel, home, context);
  const fixes = [cancelInFinally(call, parent, name)];
  if (uses.length === 0) {
    yield { node: call, message: `\`${name}\` is never called: the context is never cancelled`, fixes };
    return;
  }
  if (!uses.every((use) => isCalledHere(use, home))) return;
  const way = wayWithout(call, uses, home as Unit, context);
  if (way !== undefined)
    yield { node: call, message: `\`${name}\` is not called ${way.text}`, related: way.notes, fixes };
}

/** The result is dropped, or only the context is taken from it. */
function isThrownAway(parent: ts.Node, child: ts.Node): boolean {
  if (ts.isExpressionStatement(parent)) return true;
  if (ts.isElementAccessExpression(parent) && parent.expression === child)
    return bare(parent.argumentExpression).getText() === "0";
  if (ts.isBinaryExpression(parent) && parent.right === child) {
    const left = bare(parent.left);
    const [, second] = ts.isArrayLiteralExpression(left) ? left.elements : [];
    return ts.isArrayLiteralExpression(left) && (second === undefined || ts.isOmittedExpression(second));
  }
  return false;
}

function isExported(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
}

function usesOf(
  declared: ts.Identifier,
  cancel: Variable,
  scope: ts.Node,
  { snapshot }: RuleContext,
): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === declared.text && node !== declared) {
      if (snapshot.variableOf(node)?.id === cancel.id) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return found;
}

/** `cancel()` in the function itself: anything else may call it whenever it likes. */
function isCalledHere(use: ts.Identifier, home: ts.Node): boolean {
  const { parent, child } = meaningfulParent(use);
  return ts.isCallExpression(parent) && parent.expression === child && enclosingFunction(use) === home;
}

/** A way out of the function, or back to the call, on which the context is not cancelled. */
function wayWithout(
  made: ts.CallExpression,
  uses: readonly ts.Identifier[],
  home: Unit,
  { snapshot }: RuleContext,
): { text: string; notes: Note[] } | undefined {
  const cancels = new Set<ts.Node>(uses.map((use) => meaningfulParent(use).parent));
  let found: { text: string; notes: Note[] } | undefined;
  const note = (how: string, node: ts.Node | undefined): void => {
    const at = node === undefined || node === home ? undefined : node;
    found ??= {
      text: at === undefined ? "on every path" : `on the path that ${how} at line ${lineOf(at)}`,
      notes:
        at === undefined
          ? []
          : [{ node: at, message: "the context is not cancelled when the path leaves here" }],
    };
  };
  const complete = followPaths<boolean>(home, snapshot, {
    start: false,
    key: String,
    step(op, open) {
      if (op.kind === "operation" && op.call === made) {
        if (open) note("comes round again", made);
        return [true];
      }
      if (op.kind === "may-throw" && cancels.has(op.node)) return [false];
      return [open];
    },
    leave(how, open, node) {
      if (open && how !== "thrown") note(how === "threw" ? "throws" : "returns", node);
    },
  });
  return complete ? found : undefined;
}
