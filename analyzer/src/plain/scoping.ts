import ts from "typescript";

const K = ts.SyntaxKind;

/** The kinds of nodes that own variables declared with `var`, and those that only bound the others. */
const homes = new Set<ts.SyntaxKind>([
  K.FunctionDeclaration,
  K.FunctionExpression,
  K.ArrowFunction,
  K.MethodDeclaration,
  K.Constructor,
  K.GetAccessor,
  K.SetAccessor,
  K.MethodSignature,
  K.CallSignature,
  K.ConstructSignature,
  K.IndexSignature,
  K.ClassStaticBlockDeclaration,
  K.ModuleBlock,
]);
const blocks = new Set<ts.SyntaxKind>([
  K.ClassDeclaration,
  K.ClassExpression,
  K.Block,
  K.CaseBlock,
  K.CatchClause,
  K.ForStatement,
  K.ForOfStatement,
  K.ForInStatement,
]);

export function isHome(node: ts.Node): boolean {
  return homes.has(node.kind);
}

export function opensScope(node: ts.Node): boolean {
  return homes.has(node.kind) || blocks.has(node.kind);
}

/** An identifier that names a variable, rather than a property, a label or a member. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  switch (parent.kind) {
    case K.PropertyAccessExpression:
      return (parent as ts.PropertyAccessExpression).expression === node;
    case K.PropertyAssignment:
      return (parent as ts.PropertyAssignment).initializer === node;
    case K.BindingElement:
      return (parent as ts.BindingElement).propertyName !== node;
    case K.ExportSpecifier: {
      const { name, propertyName } = parent as ts.ExportSpecifier;
      return (propertyName ?? name) === node;
    }
    case K.ImportSpecifier:
      return (parent as ts.ImportSpecifier).name === node;
    case K.MethodDeclaration:
    case K.PropertyDeclaration:
    case K.GetAccessor:
    case K.SetAccessor:
    case K.EnumMember:
      return (parent as ts.NamedDeclaration).name !== node;
    case K.QualifiedName:
    case K.LabeledStatement:
    case K.BreakStatement:
    case K.ContinueStatement:
    case K.JsxAttribute:
    case K.MetaProperty:
      return false;
    default:
      return true;
  }
}
