import ts from "typescript";
import type { Unit } from "../ir/lower.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, enclosingFunction, isAsync, isFunctionLiteral, meaningfulParent } from "../project/syntax.js";
import { isImmediate, isRepeated, isTestBody, runsOnce } from "./task-starts.js";

/** What a piece of code runs in. `many`: several of it may run at a time. */
interface Root {
  readonly node: ts.Node;
  readonly many: boolean;
}

/** Which pieces of code can run at the same time, as far as the program's own calls tell. */
export interface Tasks {
  /**
   * Whether two functions may run beside each other: in two tasks, or in two runs of one. `within`: only
   * what happens in one run of that function counts, because what they share is made there.
   */
  mayRunBeside(one: Unit, other: Unit, within?: ts.Node): boolean;
  /** The calls of a function, when all of them are to be seen; undefined when others may call it. */
  callsOf(unit: Unit): readonly ts.CallExpression[] | undefined;
}

/** Answers to deeper questions than this are "anything": a task of its own, many times. */
const maxDepth = 24;

export function createTasks(snapshot: Snapshot): Tasks {
  let index: { calls: ReadonlyMap<ts.Node, readonly ts.CallExpression[]>; values: ReadonlySet<ts.Node> };

  function build(): typeof index {
    const calls = new Map<ts.Node, ts.CallExpression[]>();
    const values = new Set<ts.Node>();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        const callee = snapshot.calleeOf(node);
        if (callee.kind === "body") {
          const known = calls.get(callee.declaration);
          if (known === undefined) calls.set(callee.declaration, [node]);
          else known.push(node);
        }
        for (const argument of node.arguments) noteValue(argument, node);
      }
      ts.forEachChild(node, visit);
    };
    const noteValue = (argument: ts.Expression, call: ts.CallExpression): void => {
      const at = bare(argument);
      if (!ts.isIdentifier(at) && !ts.isPropertyAccessExpression(at)) return;
      const body = snapshot.bodyOf(at);
      if (body === undefined) return;
      if (isStarted(call)) calls.set(body, [...(calls.get(body) ?? []), call]);
      else values.add(body);
    };
    for (const file of snapshot.files) {
      const source = snapshot.sourceFile(file);
      if (source !== undefined) visit(source);
    }
    return { calls, values };
  }

  const built = () => {
    index ??= build();
    return index;
  };

  function isStarted(call: ts.CallExpression): boolean {
    const callee = snapshot.calleeOf(call);
    return (
      (callee.kind === "method" || callee.kind === "function") &&
      (callee.operation.op === "spawn" || callee.operation.op === "wg-go")
    );
  }

  function rootsOf(unit: ts.Node, within: ts.Node | undefined, path: readonly ts.Node[]): Root[] {
    if (unit === within) return [{ node: unit, many: false }];
    if (path.includes(unit)) return [];
    if (path.length > maxDepth) return [{ node: unit, many: true }];
    if (ts.isSourceFile(unit) || ts.isConstructorDeclaration(unit) || ts.isClassStaticBlockDeclaration(unit))
      return [{ node: unit.getSourceFile(), many: false }];
    const further = [...path, unit];
    if (isFunctionLiteral(unit)) {
      const { parent, child } = meaningfulParent(unit);
      if (ts.isCallExpression(parent)) return rootsOfArgument(unit, parent, child, within, further);
    }
    const calls = built().calls.get(unit) ?? [];
    const roots = calls.flatMap((call) => rootsOfCall(unit, call, within, further));
    if (runsOnce(unit)) return [...roots, { node: unit.getSourceFile(), many: false }];
    if (calls.length === 0 || isCalledElsewhere(unit)) return [...roots, { node: unit, many: true }];
    return roots;
  }

  /** `go(() => …)`, `items.map((item) => …)`, `it("…", () => …)`. */
  function rootsOfArgument(
    literal: FunctionWithBody & ts.Expression,
    call: ts.CallExpression,
    child: ts.Node,
    within: ts.Node | undefined,
    path: readonly ts.Node[],
  ): Root[] {
    if (call.expression === child)
      return isAsync(literal) && !isWaitedFor(call)
        ? started(call, within, path)
        : around(call, within, path);
    if (isStarted(call))
      return isJoinedAtOnce(call) ? around(call, within, path) : started(call, within, path);
    if (isTestBody(call, snapshot)) return [{ node: call.getSourceFile(), many: false }];
    const callee = snapshot.calleeOf(call);
    if (callee.kind === "unknown") return [{ node: literal, many: true }];
    if (isImmediate(callee)) {
      return isAsync(literal) && callee.kind === "builtin"
        ? [{ node: literal, many: true }]
        : around(call, within, path);
    }
    if (callee.kind === "body") return around(call, within, path);
    return [{ node: literal, many: true }];
  }

  function rootsOfCall(
    unit: ts.Node,
    call: ts.CallExpression,
    within: ts.Node | undefined,
    path: readonly ts.Node[],
  ): Root[] {
    if (isStarted(call))
      return isJoinedAtOnce(call) ? around(call, within, path) : started(call, within, path);
    return isAsync(unit) && !isWaitedFor(call) ? started(call, within, path) : around(call, within, path);
  }

  function around(call: ts.Node, within: ts.Node | undefined, path: readonly ts.Node[]): Root[] {
    return rootsOf(enclosingFunction(call), within, path);
  }

  function started(call: ts.CallExpression, within: ts.Node | undefined, path: readonly ts.Node[]): Root[] {
    const outer = around(call, within, path);
    return [
      { node: call, many: isRepeated(call, snapshot) || outer.some((root) => root.many) || outer.length > 1 },
    ];
  }

  function isCalledElsewhere(unit: ts.Node): boolean {
    return built().values.has(unit) || isExported(unit);
  }

  return {
    mayRunBeside(one, other, within) {
      const [first, second] = [rootsOf(one, within, []), rootsOf(other, within, [])];
      return first.some((root) =>
        second.some((beside) => (root.node === beside.node ? root.many : !isMain(root) || !isMain(beside))),
      );
    },
    callsOf: (unit) => (isCalledElsewhere(unit) ? undefined : (built().calls.get(unit) ?? [])),
  };
}

/** Top levels of files, tests, main functions: run one after the other. */
function isMain({ node }: Root): boolean {
  return ts.isSourceFile(node);
}

/** `await f()`, `return f()`, `() => f()`. */
function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}

/** `await go(work).join()`. */
function isJoinedAtOnce(call: ts.CallExpression): boolean {
  const { parent } = meaningfulParent(call);
  if (!ts.isPropertyAccessExpression(parent) || parent.name.text !== "join") return false;
  return ts.isCallExpression(parent.parent) && ts.isAwaitExpression(meaningfulParent(parent.parent).parent);
}

/** Code outside the program may call it. */
function isExported(unit: ts.Node): boolean {
  const owner = ts.isClassElement(unit) ? unit.parent : unit;
  if (ts.isClassElement(unit)) {
    if (unit.name !== undefined && ts.isPrivateIdentifier(unit.name)) return false;
    if (ts.getCombinedModifierFlags(unit) & ts.ModifierFlags.Private) return false;
  }
  for (let at: ts.Node | undefined = owner; at !== undefined; at = at.parent) {
    if (ts.canHaveModifiers(at) && ts.getModifiers(at)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword))
      return true;
    if (at !== owner && ts.isFunctionLike(at)) return false;
    if (ts.isBlock(at)) return false;
  }
  return false;
}
