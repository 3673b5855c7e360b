import ts from "typescript";
import { indentOf, newLine, removal } from "../../fixes/layout.js";
import type { Edit, FixPlan } from "../rule.js";

/** The lock moves to where all calls share it: a field of the class for a method, else the module. */
export function hoisted(
  declaration: ts.VariableDeclaration,
  uses: readonly ts.Identifier[],
): FixPlan | undefined {
  const list = declaration.parent;
  const statement = list.parent;
  const made = declaration.initializer;
  if (!ts.isVariableDeclarationList(list) || list.declarations.length > 1) return undefined;
  if (!ts.isVariableStatement(statement)) return undefined;
  if (made === undefined || !ts.isNewExpression(made) || !made.arguments?.every(isLiteral)) return undefined;
  const method = methodAround(declaration);
  return method === undefined
    ? toModule(statement, declaration)
    : toField(statement, declaration, made, method, uses);
}

function isLiteral(node: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((each) => ts.isPropertyAssignment(each) && isLiteral(each.initializer));
  return ts.isNumericLiteral(node) || ts.isStringLiteral(node);
}

/** The method whose `this` the node sees. */
function methodAround(node: ts.Node): ts.MethodDeclaration | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isMethodDeclaration(at) && ts.isClassLike(at.parent)) {
      const isStatic = ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static;
      return isStatic ? undefined : at;
    }
    if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return undefined;
  }
  return undefined;
}

function toField(
  statement: ts.VariableStatement,
  declaration: ts.VariableDeclaration,
  made: ts.NewExpression,
  method: ts.MethodDeclaration,
  uses: readonly ts.Identifier[],
): FixPlan | undefined {
  const owner = method.parent as ts.ClassLikeDeclaration;
  const name = declaration.name.getText();
  const first = owner.members[0];
  if (first === undefined || owner.members.some((each) => each.name?.getText() === name)) return undefined;
  if (!uses.every((use) => seesThis(use, method))) return undefined;
  const file = statement.getSourceFile();
  const start = first.getStart();
  const isTypeScript = /\.[cm]?tsx?$/.test(file.fileName);
  const field = `${isTypeScript ? "private readonly " : ""}${name} = ${made.getText()};`;
  const edits: Edit[] = [
    { file, start, end: start, text: `${field}${newLine(file)}${newLine(file)}${indentOf(first)}` },
    removal(statement),
    ...uses.map((use) => ({ file, start: use.getStart(), end: use.getStart(), text: "this." })),
  ];
  return { title: "Make it a field of the class", safety: "unsafe", edits };
}

function seesThis(node: ts.Node, method: ts.MethodDeclaration): boolean {
  for (let at = node.parent; at !== method; at = at.parent)
    if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return false;
  return !ts.isShorthandPropertyAssignment(node.parent);
}

function toModule(statement: ts.VariableStatement, declaration: ts.VariableDeclaration): FixPlan | undefined {
  const file = statement.getSourceFile();
  const name = declaration.name.getText();
  const outermost = topLevelStatement(statement);
  if (outermost === undefined || declaresElsewhere(file, name, declaration)) return undefined;
  const start = outermost.getStart();
  const text = statement.getText();
  return {
    title: "Move it to the module, where all calls share it",
    safety: "unsafe",
    edits: [{ file, start, end: start, text: `${text}${newLine(file)}${newLine(file)}` }, removal(statement)],
  };
}

function topLevelStatement(node: ts.Node): ts.Statement | undefined {
  for (let at = node; at.parent !== undefined; at = at.parent)
    if (ts.isSourceFile(at.parent) && ts.isStatement(at)) return at;
  return undefined;
}

/** Another thing of that name would be hidden, or hide it. */
function declaresElsewhere(file: ts.SourceFile, name: string, own: ts.VariableDeclaration): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    const declared =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (declared && node !== own && node.name?.getText() === name) found = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
