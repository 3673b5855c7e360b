import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { calledName } from "../events.js";

const runners = new Set(["it", "test", "specify"]);
/** What a test is given of the framework it runs in: `t`, as in Go and in node:test. */
const contextTypes =
  /^(?:Fake|Mock|Sub)?(?:T|TB|Test(?:ing)?(?:T|TB|Context|Case|Run|Runner|Suite|Harness|Scope|Env)?)$/;

/** The functions of a file that are tests. */
export function testBodies(file: ts.SourceFile, snapshot: Snapshot): FunctionWithBody[] {
  const found: FunctionWithBody[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionLiteral(node) && isTest(node, snapshot)) found.push(node);
    else if (ts.isFunctionDeclaration(node) && node.body !== undefined && isNamedTest(node))
      found.push(node as FunctionWithBody);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTest(body: ts.ArrowFunction | ts.FunctionExpression, snapshot: Snapshot): boolean {
  const call = body.parent;
  if (!ts.isCallExpression(call) || !call.arguments.includes(body)) return false;
  if (runners.has(rootOf(call.expression)) && snapshot.calleeOf(call).kind !== "body") return true;
  // `new Test(name).run(async (test) => …)`, `t.run("case", async (t: T) => …)`.
  if (!/^(?:run|test|it|subtest|runTest|runSubtest|withTest)$/i.test(calledName(call) ?? "")) return false;
  const type = body.parameters[0]?.type?.getText() ?? "";
  if (contextTypes.test(type)) return true;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "body") return false;
  if (takesTest(callee.declaration.parameters[call.arguments.indexOf(body)])) return true;
  const owner = callee.declaration.parent;
  return owner !== undefined && ts.isClassLike(owner) && contextTypes.test(owner.name?.text ?? "");
}

/** `runTest(name: string, body: (t: TestingT) => Promise<void>)`. */
function takesTest(parameter: ts.ParameterDeclaration | undefined): boolean {
  const type = parameter?.type;
  if (type === undefined || !ts.isFunctionTypeNode(type)) return false;
  return contextTypes.test(type.parameters[0]?.type?.getText() ?? "");
}

/** `async function testRevisionWatcher(t: T)`. */
function isNamedTest({ name, parameters }: ts.FunctionDeclaration): boolean {
  return (
    /^test(?:[A-Z_]|$)/i.test(name?.text ?? "") && contextTypes.test(parameters[0]?.type?.getText() ?? "")
  );
}

/** `it` of `it.only`, `it.each(table)`. */
function rootOf(expression: ts.Expression): string {
  let at = bare(expression);
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = bare(at.expression);
  return ts.isIdentifier(at) ? at.text : "";
}
