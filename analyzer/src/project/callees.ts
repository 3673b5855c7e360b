import ts from "typescript";
import type { ModelRegistry } from "../model/index.js";
import type { Declarations } from "./declarations.js";
import type { Resolver } from "./implementations.js";
import type { Callee, Snapshot } from "./port.js";
import type { Primitive, Primitives } from "./primitives.js";
import { ownerOf } from "./symbols.js";
import { bare } from "./syntax.js";

/** What a call's name is asked of. */
export interface CalleeContext {
  readonly program: ts.Program;
  readonly registry: ModelRegistry;
  readonly primitives: Primitives;
  readonly declarations: Declarations;
  readonly implementations: Resolver;
  symbolAt(node: ts.Node): ts.Symbol | undefined;
  /** The lock that a variable without a type surely holds. */
  untyped(variable: ts.Identifier): Primitive | undefined;
}

/** What a call expression calls, as far as that is certain. */
export function createCallees(context: CalleeContext): Snapshot["calleeOf"] {
  const { program, registry, primitives, declarations: declared, implementations, symbolAt } = context;
  const checker = program.getTypeChecker();

  function computeCallee(call: ts.CallExpression): Callee {
    // A lock that a comment says is held was taken by no call: its site is the function.
    if (!ts.isCallExpression(call)) return { kind: "unknown" };
    const callee = bare(call.expression);
    const symbol = symbolAt(nameOf(callee));
    const declarations = symbol?.declarations ?? [];
    const first = declarations[0];
    if (symbol === undefined || first === undefined) return undeclared(callee);

    const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
    const modelled = declarations.map((declaration) => modelledMember(declaration, symbol.name, receiver));
    const member = modelled[0];
    if (member !== undefined && modelled.every((other) => other?.operation === member.operation))
      return member;
    if (declarations.some((declaration) => program.isSourceFileDefaultLibrary(declaration.getSourceFile()))) {
      return { kind: "builtin", owner: ownerOf(first), name: symbol.name };
    }
    const body = declared.bodyOfAll(declarations);
    const implemented = implementations.of(body ?? first, symbol.name, receiver);
    if (implemented !== undefined) {
      const { bodies, handed, owner } = implemented;
      const how = { receiver, ...(handed && { handed: { owner } }) };
      const [only, another] = bodies;
      if (only !== undefined && another === undefined) return { kind: "body", declaration: only, ...how };
      return { kind: "bodies", declarations: bodies, ...how };
    }
    if (body !== undefined) return { kind: "body", declaration: body, receiver };
    const called = mayHoldCallable(first) ? calledObject(callee) : undefined;
    if (called !== undefined) return called;
    return isAmbientBuiltin(first)
      ? { kind: "builtin", owner: ownerOf(first), name: symbol.name }
      : { kind: "unknown" };
  }

  function modelledMember(
    declaration: ts.Declaration,
    name: string,
    receiver: ts.Expression | undefined,
  ): (Callee & { kind: "method" | "function" }) | undefined {
    const owner = ownerOf(declaration);
    const module = primitives.moduleOf(declaration);
    if (module === undefined) {
      const model = owner === undefined ? undefined : primitives.globalModelOf(owner, declaration);
      const operation = model && Object.hasOwn(model.methods, name) ? model.methods[name] : undefined;
      if (model === undefined || owner === undefined || operation === undefined || !receiver)
        return undefined;
      return { kind: "method", operation, owner, model, method: name, receiver };
    }
    if (owner === undefined) {
      const operation = registry.functionOperation(module, name);
      return operation && { kind: "function", operation, name };
    }
    const model = registry.classModel(module, owner);
    const operation = registry.methodOperation(module, owner, name);
    if (model === undefined || operation === undefined || receiver === undefined) return undefined;
    return { kind: "method", operation, owner, model, method: name, receiver };
  }

  /** A call of an object that is a function: a releaser, `limit(fn)`. */
  function calledObject(callee: ts.Expression): Callee | undefined {
    const found = primitives.ofType(checker.getTypeAtLocation(callee));
    const operation = found?.model.call;
    if (found === undefined || operation === undefined) return undefined;
    return { kind: "method", operation, owner: found.name, model: found.model, method: "", receiver: callee };
  }

  /** A lock's method on a variable that has no type. */
  function untypedMember({ expression: receiver, name }: ts.PropertyAccessExpression): Callee | undefined {
    const variable = bare(receiver);
    if (!ts.isIdentifier(variable) || !registry.isMethodName(name.text)) return undefined;
    const found = context.untyped(variable);
    const operation = found?.model.methods[name.text];
    if (found === undefined || operation === undefined) return undefined;
    return { kind: "method", operation, owner: found.name, model: found.model, method: name.text, receiver };
  }

  /** `ticket[1]()`; and `navigator.locks.request` where the browser's types are not loaded. */
  function undeclared(callee: ts.Expression): Callee {
    if (ts.isElementAccessExpression(callee)) return calledObject(callee) ?? { kind: "unknown" };
    if (!ts.isPropertyAccessExpression(callee)) return { kind: "unknown" };
    const untyped = untypedMember(callee);
    if (untyped !== undefined) return untyped;
    const model = isWebLockManager(callee.expression) ? registry.globalModel("LockManager") : undefined;
    const operation = model?.methods[callee.name.text];
    if (model === undefined || operation === undefined) return { kind: "unknown" };
    const { expression: receiver, name } = callee;
    return { kind: "method", operation, owner: "LockManager", model, method: name.text, receiver };
  }

  return computeCallee;
}

/** A variable, a field, a parameter: what may hold a function object. A declared function is itself. */
function mayHoldCallable(declaration: ts.Declaration): boolean {
  return (
    ts.isVariableDeclaration(declaration) ||
    ts.isBindingElement(declaration) ||
    ts.isParameter(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertySignature(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isShorthandPropertyAssignment(declaration) ||
    ts.isBinaryExpression(declaration) ||
    ts.isGetAccessor(declaration)
  );
}

/** `navigator.locks`, `window.navigator.locks`. */
function isWebLockManager(expression: ts.Expression): boolean {
  return /(?:^|\.)navigator\??\.locks$/.test(expression.getText());
}

/** The node whose symbol says what an expression refers to. */
export function nameOf(expression: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

/** Node's own globals come from @types/node rather than from the language's library. */
function isAmbientBuiltin(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.includes("/node_modules/@types/node/");
}
