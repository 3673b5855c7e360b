import ts from "typescript";
import { syntaxOf } from "../../facts/syntax-index.js";
import { bare, shortText } from "../../project/syntax.js";
import type { Report, RuleContext } from "../rule.js";

const copying = /^(deep|shallow)?(clone|copy|dup|duplicate)/i;

/**
 * A function named `clone` or `copy` that puts the original's lock into a new owner: by assignment,
 * as a property of a literal, or as an argument of a constructor.
 */
export function* handWrittenCopies(context: RuleContext): Iterable<Report> {
  const { names, assignments, properties, constructions } = syntaxOf(context.file);
  if (![...names.keys()].some((name) => copying.test(name))) return;
  const given = constructions.flatMap((made) => (made.arguments ?? []).filter(ts.isPropertyAccessExpression));
  for (const node of [...assignments, ...properties, ...given]) {
    const source = copiedField(node);
    if (source === undefined || !isInsideCopyFunction(node) || !isSecondOwner(node, source, context))
      continue;
    const primitive = context.snapshot.primitiveOf(source);
    if (!primitive?.model.noCopy || primitive.model.reference) continue;
    yield {
      node,
      message: `This clone gets the ${primitive.name} \`${shortText(source)}\` of the original: give it a lock of its own`,
      fixes: [
        {
          title: `Give the clone a new ${primitive.name}`,
          safety: "unsafe",
          edits: [
            {
              file: context.file,
              start: source.getStart(),
              end: source.getEnd(),
              text: `new ${primitive.name}()`,
            },
          ],
        },
      ],
    };
  }
}

/** `owner.mu` on its way into another owner. */
function copiedField(node: ts.Node): ts.PropertyAccessExpression | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const [left, right] = [bare(node.left), bare(node.right)];
    return ts.isPropertyAccessExpression(left) &&
      ts.isPropertyAccessExpression(right) &&
      left.name.text === right.name.text
      ? right
      : undefined;
  }
  if (ts.isPropertyAssignment(node)) {
    const value = bare(node.initializer);
    return ts.isPropertyAccessExpression(value) && value.name.text === node.name.getText()
      ? value
      : undefined;
  }
  const isArgument =
    ts.isPropertyAccessExpression(node) &&
    ts.isNewExpression(node.parent) &&
    (node.parent.arguments?.includes(node) ?? false);
  return isArgument ? node : undefined;
}

/** What gets the lock is like the original: `copyObject()` may pass its lock on to something else. */
function isSecondOwner(
  node: ts.Node,
  source: ts.PropertyAccessExpression,
  { snapshot }: RuleContext,
): boolean {
  const { parent } = node;
  if (ts.isNewExpression(parent)) return snapshot.areOfOneClass(parent, source.expression);
  if (!ts.isObjectLiteralExpression(parent)) return true;
  return parent.properties.every(
    ({ name }) => name === undefined || snapshot.hasMember(source.expression, name.getText()),
  );
}

function isInsideCopyFunction(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (!ts.isFunctionLike(at)) continue;
    const named =
      at.name ??
      (ts.isVariableDeclaration(at.parent) || ts.isPropertyAssignment(at.parent)
        ? at.parent.name
        : undefined);
    if (named !== undefined) return copying.test(named.getText());
  }
  return false;
}
