import ts from "typescript";
import type { ModelRegistry } from "../model/index.js";
import { createCallees, nameOf } from "./callees.js";
import { createDeclarations, functionLiteral, hasBody } from "./declarations.js";
import { createDeclaredTypes } from "./declared-types.js";
import { guardVariables } from "./guard-variables.js";
import { createResolver } from "./implementations.js";
import { keepAnswers } from "./kept-answers.js";
import { createLasting, type Lasting } from "./lasting.js";
import type { Callee, Snapshot, Variable } from "./port.js";
import { primitiveMembers } from "./primitive-members.js";
import { createPrimitives, readableName } from "./primitives.js";
import type { Reading } from "./readings.js";
import { createRevisions } from "./revisions.js";
import { bare } from "./syntax.js";
import { brokenFunctions } from "./syntax-errors.js";
import { madeForUntyped } from "./untyped.js";

/** A call that no edit came near calls what it called. */
const keptCallees = keepAnswers<Callee>();

/** TypeScript 6's checker behind the port. `lasting`: what the snapshots of one project share. */
export function createSnapshot(
  program: ts.Program,
  files: readonly string[],
  registry: ModelRegistry,
  lasting: Lasting = createLasting(createRevisions()),
): Snapshot {
  const checker = program.getTypeChecker();
  const { reader, identities } = lasting;
  const members = lasting.take(program);
  const declarations = createDeclarations(checker, members);
  const primitives = createPrimitives(program, registry);
  const implementations = createResolver(checker, members, reader, declarations.bodyOf);
  const variables = new Map<ts.Symbol, Remembered<Variable>>();
  const broken = new Map<ts.SourceFile, ReadonlySet<ts.Node>>();
  const guards = new Map<ts.SourceFile, ReadonlySet<number>>();

  function symbolAt(node: ts.Node): ts.Symbol | undefined {
    let symbol = checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node) {
      symbol = checker.getShorthandAssignmentValueSymbol(node.parent) ?? symbol;
    }
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Found once; whoever is told of it reads what it was found from. */
  function remember<K, T>(known: Map<K, Remembered<T>>, key: K, find: () => T): T {
    let answer = known.get(key);
    if (answer === undefined) {
      const { result, reading } = reader.record(find);
      answer = { result, reading };
      known.set(key, answer);
    }
    reader.again(answer.reading);
    return answer.result;
  }

  function variable(symbol: ts.Symbol): Variable {
    return remember(variables, symbol, () => describe(symbol));
  }

  function describe(symbol: ts.Symbol): Variable {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    const constant = declaration !== undefined && declarations.isConstant(declaration);
    noteDeclaration(declaration);
    return { id: identities.of(symbol), name: readableName(symbol.name), declaration, constant };
  }

  /** What a field holds is also told by the constructor. */
  function noteDeclaration(declaration: ts.Declaration | undefined): void {
    reader.node(declaration);
    if (declaration === undefined || !ts.isPropertyDeclaration(declaration)) return;
    for (const member of declaration.parent.members)
      if (ts.isConstructorDeclaration(member)) reader.node(member);
  }

  function noted<T extends ts.Node>(node: T | undefined): T | undefined {
    reader.node(node);
    return node;
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

  const declared = createDeclaredTypes({
    checker,
    members: primitiveMembers(program, registry),
    symbolAt,
    calleeOf: (call) => snapshot.calleeOf(call),
    isPrimitive: (type) => primitives.ofType(type) !== undefined,
    isMethodName: (name) => registry.isMethodName(name),
  });

  const findCallee = createCallees({
    program,
    registry,
    primitives,
    declarations,
    implementations,
    symbolAt,
    untyped: (name) => madeForUntyped(name, symbolAt(name)?.valueDeclaration, snapshot),
  });

  function calleeOf(call: ts.CallExpression): Callee {
    const callee = findCallee(call);
    if (callee.kind === "body") reader.node(callee.declaration);
    if (callee.kind === "bodies") for (const each of callee.declarations) reader.node(each);
    return callee;
  }

  const snapshot: Snapshot = {
    files,
    lasting,
    sourceFile: (file) => program.getSourceFile(file),
    calleeOf: (call) => keptCallees(call, snapshot, () => calleeOf(call)),
    isMethodName: (name) => registry.isMethodName(name),
    isSignatureName: (name) => members.isSignature(name),
    signatureOf(call) {
      const [declaration] = symbolAt(nameOf(bare(call.expression)))?.declarations ?? [];
      return declaration !== undefined && ts.isFunctionLike(declaration) && !hasBody(declaration)
        ? noted(declaration)
        : undefined;
    },
    bodyOf(expression) {
      const literal = functionLiteral(expression);
      if (literal !== undefined) return literal;
      const symbol = symbolAt(nameOf(bare(expression)));
      return symbol && noted(declarations.bodyOfAll(symbol.declarations ?? []));
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
        found = reader.record(() => guardVariables(file, snapshot)).result;
        guards.set(file, found);
        lasting.guards(file, found);
      }
      reader.name(lasting.guardsName(file.fileName));
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
        primitive: primitives.ofType(checker.getTypeOfSymbolAtLocation(symbol, owner)),
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
          primitive: primitives.ofType(checker.getTypeOfSymbolAtLocation(symbol, owner)),
        })),
    primitiveOf: (expression) => primitives.ofType(checker.getTypeAtLocation(expression)),
    mayBePrimitive: (expression) => declared.mayBePrimitive(expression),
    mayBeOfPrimitive: (access) => declared.mayBeOfPrimitive(access),
    constructed(expression) {
      const symbol = symbolAt(nameOf(expression.expression));
      const direct = primitives.ofSymbol(symbol);
      return direct ?? primitives.ofType(checker.getTypeAtLocation(expression));
    },
    constructions: (owner) => members.constructions(owner, checker),
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
      return primitives.ownedBy(type);
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
  lasting.is(snapshot);
  return snapshot;
}

interface Remembered<T> {
  readonly result: T;
  readonly reading: Reading;
}
