import ts from "typescript";
import type { ClassModel, ModelRegistry } from "../model/index.js";
import { assignedDeclarations } from "./assignments.js";
import { createDeclaredTypes } from "./declared-types.js";
import { guardVariables } from "./guard-variables.js";
import { createResolver } from "./implementations.js";
import type { Callee, FunctionWithBody, OwnedPrimitive, Snapshot, Variable } from "./port.js";
import { libraryName, ownerOf } from "./symbols.js";
import { bare, isFunctionLiteral } from "./syntax.js";
import { brokenFunctions } from "./syntax-errors.js";
import { madeForUntyped } from "./untyped.js";

/** Literals nested deeper than this are not searched for locks. */
const maxOwnershipDepth = 3;

/** TypeScript 6's checker behind the port. */
export function createSnapshot(
  program: ts.Program,
  files: readonly string[],
  registry: ModelRegistry,
): Snapshot {
  const checker = program.getTypeChecker();
  const ids = new Map<ts.Symbol | ts.Declaration, number>();
  const variables = new Map<ts.Symbol, Variable>();
  const callees = new Map<ts.CallExpression, Callee>();
  const implementations = createResolver(program, bodyOfDeclaration);
  const broken = new Map<ts.SourceFile, ReadonlySet<ts.Node>>();
  const guards = new Map<ts.SourceFile, ReadonlySet<number>>();

  /** By the declaration: a member of a generic class has a symbol for each instantiation. */
  function idOf(symbol: ts.Symbol): number {
    const key = symbol.valueDeclaration ?? symbol;
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size + 1;
      ids.set(key, id);
    }
    return id;
  }

  function symbolAt(node: ts.Node): ts.Symbol | undefined {
    let symbol = checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node) {
      symbol = checker.getShorthandAssignmentValueSymbol(node.parent) ?? symbol;
    }
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function variable(symbol: ts.Symbol): Variable {
    let found = variables.get(symbol);
    if (found === undefined) {
      found = describe(symbol);
      variables.set(symbol, found);
    }
    return found;
  }

  function describe(symbol: ts.Symbol): Variable {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    const constant = declaration !== undefined && isConstant(declaration);
    return { id: idOf(symbol), name: readableName(symbol.name), declaration, constant };
  }

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
    const body = bodyOfDeclarations(declarations);
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
    const module = moduleOf(declaration);
    if (module === undefined) {
      const model = owner === undefined ? undefined : globalModelOf(owner, declaration);
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

  /** The module of a library that a declaration belongs to: an ambient one, or a package's own file. */
  function moduleOf(declaration: ts.Declaration): string | undefined {
    return libraryName(declaration) ?? registry.moduleOfFile(declaration.getSourceFile().fileName);
  }

  /** An interface of the language's or the browser's library; a class of the program's own may be called the same. */
  function globalModelOf(name: string, declaration: ts.Declaration): ClassModel | undefined {
    const model = registry.globalModel(name);
    const file = declaration.getSourceFile();
    const isGlobal =
      model !== undefined && (file.isDeclarationFile || program.isSourceFileDefaultLibrary(file));
    return isGlobal ? model : undefined;
  }

  /** A call of an object that is a function: a releaser, `limit(fn)`. */
  function calledObject(callee: ts.Expression): Callee | undefined {
    const found = primitiveOfType(checker.getTypeAtLocation(callee));
    const operation = found?.model.call;
    if (found === undefined || operation === undefined) return undefined;
    return { kind: "method", operation, owner: found.name, model: found.model, method: "", receiver: callee };
  }

  /** A lock's method on a variable that has no type. */
  function untypedMember({ expression: receiver, name }: ts.PropertyAccessExpression): Callee | undefined {
    const variable = bare(receiver);
    if (!ts.isIdentifier(variable) || !registry.isMethodName(name.text)) return undefined;
    const found = madeForUntyped(variable, symbolAt(variable)?.valueDeclaration, snapshot);
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

  function bodyOfDeclarations(declarations: readonly ts.Declaration[]): FunctionWithBody | undefined {
    const bodies = declarations.map(bodyOfDeclaration).filter((body) => body !== undefined);
    return bodies.length === 1 ? bodies[0] : undefined;
  }

  function bodyOfDeclaration(declaration: ts.Declaration): FunctionWithBody | undefined {
    if (hasBody(declaration)) return declaration;
    const holdsFunction =
      (ts.isVariableDeclaration(declaration) && isConstant(declaration)) ||
      ts.isPropertyAssignment(declaration) ||
      (ts.isPropertyDeclaration(declaration) && !isReassigned(declaration));
    if (!holdsFunction || declaration.initializer === undefined) return undefined;
    return functionLiteral(declaration.initializer);
  }

  function isReassigned(declaration: ts.Declaration): boolean {
    return assignedDeclarations(declaration.getSourceFile(), checker).has(declaration);
  }

  function isConstant(declaration: ts.Declaration): boolean {
    if (ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
      return true;
    if (ts.isBindingElement(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
      return true;
    if (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)) {
      if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) return true;
    }
    if (
      ts.isVariableDeclaration(declaration) ||
      ts.isBindingElement(declaration) ||
      ts.isParameter(declaration) ||
      ts.isPropertyDeclaration(declaration)
    ) {
      return !isReassigned(declaration);
    }
    return ts.isPropertyAssignment(declaration) || ts.isShorthandPropertyAssignment(declaration)
      ? !isReassigned(declaration)
      : false;
  }

  function primitiveOfType(type: ts.Type): { name: string; model: ClassModel } | undefined {
    const present = checker.getNonNullableType(type);
    if (present.isUnion()) {
      const members = present.types.map(primitiveOfType);
      const first = members[0];
      return first && members.every((member) => member?.model === first.model) ? first : undefined;
    }
    const found = modelOfSymbol(present.getSymbol());
    if (found !== undefined || !present.isClass()) return found;
    const base = checker.getBaseTypes(present)[0];
    return base && primitiveOfType(base);
  }

  function modelOfSymbol(symbol: ts.Symbol | undefined) {
    const declaration = symbol?.declarations?.[0];
    if (declaration === undefined || symbol === undefined) return undefined;
    const module = moduleOf(declaration);
    const name = symbol.name === "default" ? (nameOfClass(declaration) ?? symbol.name) : symbol.name;
    const model = module === undefined ? globalModelOf(name, declaration) : registry.classModel(module, name);
    return model && { name, model };
  }

  function owned(type: ts.Type, path: string, depth: number, found: OwnedPrimitive[]): void {
    if (depth > maxOwnershipDepth || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return;
    if (type.isUnion()) return;
    for (const property of checker.getPropertiesOfType(type)) {
      const declaration = property.valueDeclaration;
      if (declaration === undefined || !holdsByValue(declaration) || isLibraryCode(declaration)) continue;
      const propertyType = checker.getTypeOfSymbolAtLocation(property, declaration);
      const at = path === "" ? property.name : `${path}.${property.name}`;
      const primitive = primitiveOfType(propertyType);
      if (primitive?.model.noCopy)
        found.push({
          path: readableName(at),
          className: primitive.name,
          reference: primitive.model.reference === true,
        });
      else if (isLiteralObject(propertyType)) owned(propertyType, at, depth + 1, found);
    }
  }

  /** A class declaration means its instances, unless its static side is asked for. */
  function typeOfOwner(owner: ts.Node, isStatic: boolean): ts.Type {
    if (!ts.isClassLike(owner)) return checker.getNonNullableType(checker.getTypeAtLocation(owner));
    const symbol = owner.name && checker.getSymbolAtLocation(owner.name);
    if (isStatic && symbol !== undefined) return checker.getTypeOfSymbolAtLocation(symbol, owner);
    if (ts.isClassDeclaration(owner)) return checker.getTypeAtLocation(owner);
    const self = checker.getTypeAtLocation(owner);
    return (isStatic ? undefined : self.getConstructSignatures()[0]?.getReturnType()) ?? self;
  }

  function extendsClass(type: ts.Type | undefined, wanted: ts.Type | undefined): boolean {
    if (type === undefined || wanted === undefined) return false;
    const symbol = type.getSymbol();
    if (symbol === undefined || symbol === wanted.getSymbol()) return symbol !== undefined;
    return type.isClass() && checker.getBaseTypes(type).some((base) => extendsClass(base, wanted));
  }

  const isLibraryCode = (declaration: ts.Declaration) =>
    program.isSourceFileDefaultLibrary(declaration.getSourceFile());

  const declared = createDeclaredTypes(
    checker,
    symbolAt,
    (type) => primitiveOfType(type) !== undefined,
    (name) => registry.isMethodName(name),
  );

  const snapshot: Snapshot = {
    files,
    sourceFile: (file) => program.getSourceFile(file),
    calleeOf(call) {
      let callee = callees.get(call);
      if (callee === undefined) {
        callee = computeCallee(call);
        callees.set(call, callee);
      }
      return callee;
    },
    signatureOf(call) {
      const [declaration] = symbolAt(nameOf(bare(call.expression)))?.declarations ?? [];
      return declaration !== undefined && ts.isFunctionLike(declaration) && !hasBody(declaration)
        ? declaration
        : undefined;
    },
    bodyOf(expression) {
      const literal = functionLiteral(expression);
      if (literal !== undefined) return literal;
      const symbol = symbolAt(nameOf(bare(expression)));
      return symbol && bodyOfDeclarations(symbol.declarations ?? []);
    },
    variableOf(node) {
      const symbol = symbolAt(ts.isIdentifier(node) || ts.isPrivateIdentifier(node) ? node : node.name);
      return symbol && variable(symbol);
    },
    literalOf(expression) {
      const at = bare(expression);
      if (ts.isStringLiteralLike(at)) return at.text;
      if (!ts.isIdentifier(at) && !ts.isPropertyAccessExpression(at)) return undefined;
      const type = checker.getTypeAtLocation(at);
      return type.isStringLiteral() ? type.value : undefined;
    },
    guardVariables(file) {
      let found = guards.get(file);
      if (found === undefined) {
        found = guardVariables(file, snapshot);
        guards.set(file, found);
      }
      return found;
    },
    boundProperty(element) {
      const name = element.propertyName ?? element.name;
      if (!ts.isIdentifier(name)) return undefined;
      const symbol = checker.getPropertyOfType(checker.getTypeAtLocation(element.parent), name.text);
      return symbol && variable(symbol);
    },
    memberOf(owner, name, isStatic = false) {
      const type = typeOfOwner(owner, isStatic);
      const symbol = name.startsWith("#")
        ? checker.getPrivateIdentifierPropertyOfType(
            type,
            name,
            (ts.isClassLike(owner) && owner.members[0]) || owner,
          )
        : checker.getPropertyOfType(type, name);
      if (symbol === undefined) return undefined;
      return {
        variable: variable(symbol),
        primitive: primitiveOfType(checker.getTypeOfSymbolAtLocation(symbol, owner)),
      };
    },
    membersOf: (owner) =>
      checker
        .getPropertiesOfType(typeOfOwner(owner, false))
        .filter(
          ({ flags, valueDeclaration }) =>
            !(flags & ts.SymbolFlags.Method) &&
            valueDeclaration !== undefined &&
            !isLibraryCode(valueDeclaration),
        )
        .map((symbol) => ({
          variable: variable(symbol),
          primitive: primitiveOfType(checker.getTypeOfSymbolAtLocation(symbol, owner)),
        })),
    primitiveOf: (expression) => primitiveOfType(checker.getTypeAtLocation(expression)),
    mayBePrimitive: (expression) => declared.mayBePrimitive(expression),
    constructed(expression) {
      const symbol = symbolAt(nameOf(expression.expression));
      const direct = modelOfSymbol(symbol);
      return direct ?? primitiveOfType(checker.getTypeAtLocation(expression));
    },
    constructions: (owner) => implementations.constructions(owner),
    isBroken(unit) {
      const file = unit.getSourceFile();
      let units = broken.get(file);
      if (units === undefined) {
        const errors = program.getSyntacticDiagnostics(file).map((each) => each.start);
        units = brokenFunctions(file, errors);
        broken.set(file, units);
      }
      return units.has(unit);
    },
    ownedBy(expression) {
      const type = checker.getNonNullableType(checker.getTypeAtLocation(expression));
      const primitive = primitiveOfType(type);
      if (primitive !== undefined)
        return primitive.model.noCopy
          ? [{ path: "", className: primitive.name, reference: primitive.model.reference === true }]
          : [];
      const found: OwnedPrimitive[] = [];
      owned(type, "", 1, found);
      return found;
    },
    hasMember: (expression, name) =>
      checker.getPropertyOfType(checker.getNonNullableType(checker.getTypeAtLocation(expression)), name) !==
      undefined,
    areOfOneClass(one, other) {
      const types = [one, other].map((each) =>
        checker.getApparentType(checker.getNonNullableType(checker.getTypeAtLocation(each))),
      );
      return extendsClass(types[0], types[1]) || extendsClass(types[1], types[0]);
    },
    isExhaustive(statement) {
      const subject = checker.getTypeAtLocation(statement.expression);
      const members = subject.isUnion() ? subject.types : [subject];
      const unit =
        ts.TypeFlags.Literal | ts.TypeFlags.EnumLiteral | ts.TypeFlags.Null | ts.TypeFlags.Undefined;
      if (!members.every((member) => member.flags & unit)) return false;
      const covered = new Set(
        statement.caseBlock.clauses
          .filter(ts.isCaseClause)
          .map((clause) => checker.typeToString(checker.getTypeAtLocation(clause.expression))),
      );
      return members.every((member) => covered.has(checker.typeToString(member)));
    },
    neverReturns(call) {
      return (checker.getTypeAtLocation(call).flags & ts.TypeFlags.Never) !== 0;
    },
    isThenable(expression) {
      const type = checker.getTypeAtLocation(expression);
      return checker.getPropertyOfType(checker.getNonNullableType(type), "then") !== undefined;
    },
  };
  return snapshot;
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

function nameOfClass(declaration: ts.Declaration): string | undefined {
  return ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)
    ? declaration.name?.text
    : undefined;
}

/** `navigator.locks`, `window.navigator.locks`. */
function isWebLockManager(expression: ts.Expression): boolean {
  return /(?:^|\.)navigator\??\.locks$/.test(expression.getText());
}

/** The node whose symbol says what an expression refers to. */
function nameOf(expression: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

function hasBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined && !isAbstract(node);
}

function isAbstract(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AbstractKeyword) ?? false)
  );
}

function functionLiteral(expression: ts.Expression): FunctionWithBody | undefined {
  const at = bare(expression);
  return isFunctionLiteral(at) ? at : undefined;
}

/** A field holds its value; a getter, a method or a parameter of a type signature does not. */
function holdsByValue(declaration: ts.Declaration): boolean {
  return (
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertySignature(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isShorthandPropertyAssignment(declaration) ||
    (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, declaration.parent)) ||
    (ts.isBinaryExpression(declaration) && ts.isPropertyAccessExpression(declaration.left))
  );
}

/** An anonymous object: part of its owner. A named class or interface is a thing of its own. */
function isLiteralObject(type: ts.Type): boolean {
  const symbol = type.getSymbol();
  return (
    symbol !== undefined && (symbol.flags & (ts.SymbolFlags.ObjectLiteral | ts.SymbolFlags.TypeLiteral)) !== 0
  );
}

/** `#mu` has a mangled symbol name. */
function readableName(name: string): string {
  return name.replace(/__#\d+@#/g, "#");
}

/** Node's own globals come from @types/node rather than from the language's library. */
function isAmbientBuiltin(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.includes("/node_modules/@types/node/");
}
