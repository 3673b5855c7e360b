import type { AnyNode, CallExpression, NewExpression, Program } from "acorn";
import { findImports, type Imported } from "./imports.js";
import { functionName, keptName } from "./names.js";
import { skipTo } from "./text.js";
import { type FunctionNode, forEachChild, isFunction } from "./tree.js";
import { common, namesLibrary, sentAway, telling } from "./vocabulary.js";

/** A call that may be one of the library's. */
export interface FoundCall {
  readonly node: CallExpression | NewExpression;
  /** What the place is meant for: the receiver of a method, or the function or class that is called. */
  readonly target: AnyNode;
  /** Whether `target` is the receiver. */
  readonly method: boolean;
  /** Where a stack trace says the call is: an offset. */
  readonly position: number;
  /** The name of the function that the call stands in. */
  readonly func: string;
  /** What is made here is kept under this name. */
  readonly name: string | undefined;
  /** The body that may be given another variable: a block, the whole program, or none. */
  readonly room: Room | null;
  /** Whether it is what its statement begins with. */
  readonly leads: boolean;
}

/** A function's block, or the program. */
export type Room = AnyNode & { type: "BlockStatement" | "Program" };

interface Around {
  readonly func: string;
  readonly room: Room | null;
  /** Where the innermost statement that is an expression begins. */
  readonly statement?: number;
}

/** Finds the calls of a file that may be the library's, the outer ones before those inside of them. */
export function findCalls(program: Program, code: string): FoundCall[] {
  const imported = findImports(program);
  const knowsLibrary = namesLibrary(code);
  const texts = functionsTakenAsText(program);
  const found: FoundCall[] = [];

  const visit = (node: AnyNode, parent: AnyNode, around: Around): void => {
    if (isFunction(node)) {
      visitFunction(node, parent);
      return;
    }
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      visitClass(node, parent, around);
      return;
    }
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      const call = judge(node, parent, around);
      if (call !== undefined) found.push(call);
    }
    const away = node.type === "CallExpression" && sendsAway(node);
    const inside = node.type === "ExpressionStatement" ? { ...around, statement: node.start } : around;
    forEachChild(node, (child) => {
      if (!(away && isFunction(child))) visit(child, node, inside);
    });
  };

  const visitFunction = (node: FunctionNode, parent: AnyNode): void => {
    const func = functionName(parent, node) ?? "";
    if (func !== "" && texts.has(func)) return;
    for (const param of node.params) visit(param, node, { func, room: null });
    const { body } = node;
    visit(body, node, { func, room: body.type === "BlockStatement" ? body : null });
  };

  const visitClass = (
    node: AnyNode & { type: "ClassDeclaration" | "ClassExpression" },
    parent: AnyNode,
    around: Around,
  ): void => {
    const name = functionName(parent, node) ?? "";
    if (node.superClass) visit(node.superClass, node, around);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") {
        for (const each of member.body) visit(each, member, { func: "<static_initializer>", room: null });
        continue;
      }
      if (member.computed) visit(member.key, member, around);
      if (!member.value) continue;
      if (member.type === "MethodDefinition") {
        // Engines call a constructor after its class.
        const asNamed =
          member.kind === "constructor" ? { ...member, kind: "method", key: named(name) } : member;
        visit(member.value, asNamed as AnyNode, around);
      } else {
        const func = member.static ? "<static_initializer>" : "<instance_members_initializer>";
        visit(member.value, member, { func, room: null });
      }
    }
  };

  const judge = (
    node: CallExpression | NewExpression,
    parent: AnyNode,
    { func, room, statement }: Around,
  ): FoundCall | undefined => {
    const call = asCall(node, imported, knowsLibrary, code);
    if (call === undefined) return undefined;
    const name = node.type === "NewExpression" ? keptName(parent, node)?.replace(/^#/, "") : undefined;
    return { node, func, room, name, leads: node.start === statement, ...call };
  };

  const whole: Around = { func: "", room: program };
  forEachChild(program, (child) => visit(child, program, whole));
  return found;
}

type Shape = Pick<FoundCall, "target" | "method" | "position">;

function asCall(
  node: CallExpression | NewExpression,
  imported: Imported,
  knowsLibrary: boolean,
  code: string,
): Shape | undefined {
  const shape = shapeOf(node, imported, knowsLibrary, code);
  // Of a call that is made if there is something to call, the engine's place is its bracket.
  if (shape === undefined || node.type === "NewExpression" || !node.optional) return shape;
  return { ...shape, position: skipTo(code, node.callee.end, "(") };
}

function shapeOf(
  node: CallExpression | NewExpression,
  { names, wholes }: Imported,
  knowsLibrary: boolean,
  code: string,
): Shape | undefined {
  const { callee } = node;
  const isExport = (of: AnyNode): boolean =>
    of.type === "Identifier"
      ? names.has(of.name)
      : of.type === "MemberExpression" &&
        !of.computed &&
        of.object.type === "Identifier" &&
        wholes.has(of.object.name);
  if (node.type === "NewExpression") {
    return isExport(callee) ? { target: callee, method: false, position: node.start } : undefined;
  }
  if (callee.type === "Identifier") {
    return names.has(callee.name) ? { target: callee, method: false, position: callee.start } : undefined;
  }
  if (callee.type === "SequenceExpression" && callee.expressions.length === 2) {
    // `(0, sync.go)(…)`: how compilers call an import without a receiver. The engine's place is its bracket.
    const called = callee.expressions[1]!;
    if (!isExport(called) || code[callee.start - 1] !== "(" || code[callee.end] !== ")") return undefined;
    return { target: called, method: false, position: callee.end + 1 };
  }
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
    return undefined;
  if (code[node.start] === "(" && callee.start > node.start) return undefined;
  const position = callee.property.start;
  if (isExport(callee)) return { target: callee, method: false, position };
  const { name } = callee.property;
  if (!(telling.has(name) || (knowsLibrary && common.has(name)))) return undefined;
  const { object } = callee;
  if (object.type === "Super" || shortCircuits(object)) return undefined;
  return { target: object, method: true, position };
}

/** Whether `a?.b` is in the way of what follows: then nothing may be put between. */
function shortCircuits(object: AnyNode): boolean {
  for (let node = object; ; ) {
    if (node.type === "MemberExpression") {
      if (node.optional) return true;
      node = node.object;
    } else if (node.type === "CallExpression") {
      if (node.optional) return true;
      node = node.callee;
    } else return false;
  }
}

const named = (name: string) => ({ type: "Identifier", name, start: 0, end: 0 });

function sendsAway({ callee }: CallExpression): boolean {
  return (
    callee.type === "MemberExpression" &&
    callee.property.type === "Identifier" &&
    sentAway.has(callee.property.name)
  );
}

/** Names of functions whose text is asked for: `f.toString()`, `String(f)`, a template with `f` in it. */
function functionsTakenAsText(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const take = (node: AnyNode | undefined) => {
    if (node?.type === "Identifier") names.add(node.name);
  };
  const visit = (node: AnyNode): void => {
    if (node.type === "TemplateLiteral") for (const each of node.expressions) take(each);
    if (node.type === "BinaryExpression" && node.operator === "+") {
      take(node.right);
      if (node.left.type !== "PrivateIdentifier") take(node.left);
    }
    if (node.type === "CallExpression") {
      const { callee } = node;
      if (callee.type === "Identifier" && callee.name === "String") take(node.arguments[0]);
      if (
        callee.type === "MemberExpression" &&
        callee.property.type === "Identifier" &&
        callee.property.name === "toString"
      )
        take(callee.object.type === "Super" ? undefined : callee.object);
      if (sendsAway(node)) for (const each of node.arguments) take(each);
    }
    forEachChild(node, visit);
  };
  visit(program);
  return names;
}
