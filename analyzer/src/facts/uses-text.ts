import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import { bare, meaningfulParent } from "../project/syntax.js";

/** The classes whose instances are followed from name to name. */
const followed = /\b(?:Shared)?WaitGroup\b|\bCond\b|\bErrGroup\b|\bSchedGroup\b/;

/** What the text of one file says: which names are declared for a followed class, and which stand for which. */
interface FileText {
  readonly declared: readonly string[];
  readonly aliases: readonly (readonly [from: string, to: readonly string[]])[];
}

const inline = new WeakMap<ts.SourceFile, readonly ts.NewExpression[]>();

/** Made where it is passed on, and named nowhere. */
export function madeInline(file: ts.SourceFile): readonly ts.NewExpression[] {
  let found = inline.get(file);
  if (found !== undefined) return found;
  const all: ts.NewExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && isMade(node)) {
      const { parent } = meaningfulParent(node);
      if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) all.push(node);
    }
    ts.forEachChild(node, visit);
  };
  if (followed.test(file.text)) visit(file);
  found = all;
  inline.set(file, found);
  return found;
}

const fileTexts = new WeakMap<ts.SourceFile, FileText>();

export function textOf(file: ts.SourceFile): FileText {
  const known = fileTexts.get(file);
  if (known !== undefined) return known;
  const declared: string[] = [];
  const aliases: [string, string[]][] = [];
  const visit = (node: ts.Node): void => {
    if (isDeclaring(node) && mentionsFollowed(node)) declared.push(...boundNames(node.name));
    else if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
      const from = lastName(node.initializer);
      if (from !== undefined) aliases.push([from, boundNames(node.name)]);
    } else if (ts.isBindingElement(node) && node.propertyName !== undefined) {
      aliases.push([node.propertyName.getText(), boundNames(node.name)]);
    } else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const to = lastName(node.left);
      const from = lastName(node.right);
      if (to !== undefined && isMade(node.right)) declared.push(to);
      else if (to !== undefined && from !== undefined) aliases.push([from, [to]]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const found = { declared, aliases };
  fileTexts.set(file, found);
  return found;
}

type Declaring =
  | ts.VariableDeclaration
  | ts.PropertyDeclaration
  | ts.PropertySignature
  | ts.ParameterDeclaration
  | ts.PropertyAssignment;

function isDeclaring(node: ts.Node): node is Declaring {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isParameter(node) ||
    ts.isPropertyAssignment(node)
  );
}

/** `wg` of `wg`, `this.wg`, `a.b.wg`. */
function lastName(expression: ts.Expression): string | undefined {
  const at = bare(expression);
  if (ts.isPropertyAccessExpression(at)) return at.name.text;
  return ts.isIdentifier(at) ? at.text : undefined;
}

function mentionsFollowed(node: Declaring): boolean {
  if ("type" in node && node.type !== undefined && followed.test(node.type.getText())) return true;
  return "initializer" in node && node.initializer !== undefined && isMade(node.initializer);
}

/** `new WaitGroup()`, `ErrGroup.withContext(ctx)`. */
export function isMade(expression: ts.Expression): boolean {
  const at = bare(expression);
  if (ts.isNewExpression(at)) return followed.test(at.expression.getText());
  return ts.isCallExpression(at) && /\bErrGroup\s*\.\s*withContext$/.test(at.expression.getText());
}

export function boundNames(name: ts.BindingName | ts.PropertyName): string[] {
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) return [name.text];
  if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name))
    return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
  return [];
}
