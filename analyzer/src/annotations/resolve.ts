import ts from "typescript";
import { type Place, placeOf, rootPlace, step, thisPlace } from "../ir/place.js";
import type { ClassModel, LockMode } from "../model/index.js";
import type { Member, Snapshot } from "../project/port.js";
import type { Annotation } from "./parse.js";

/** The lock that an annotation names. */
export interface NamedLock {
  /** Where it is, from the function's or the field's own point of view: `this`, a parameter, a variable. */
  readonly place: Place;
  readonly mode: LockMode;
}

export type Resolution =
  | { readonly lock: NamedLock; readonly problem?: undefined }
  /** `unknown`: nothing of this name; `not-a-lock`: something else. */
  | { readonly lock?: undefined; readonly problem: "unknown" | "not-a-lock"; readonly place?: Place };

interface Found {
  readonly place: Place;
  readonly primitive: Member["primitive"];
}

/** What `mu`, `#mu`, `this.state.mu` or `account.mu` means at a declaration. */
export function resolve({ path }: Annotation, at: ts.Node, snapshot: Snapshot): Resolution {
  const [first = "", ...rest] = path.split(".");
  const start = rootOf(first, at, snapshot);
  if (start === undefined) return { problem: "unknown" };
  const found = follow(start, rest, snapshot);
  if (found === undefined) return { problem: "unknown" };
  const mode = found.primitive && lockMode(found.primitive.model);
  return mode === undefined
    ? { problem: "not-a-lock", place: found.place }
    : { lock: { place: found.place, mode } };
}

/** How a lock of this class is held by who takes it in the first of its ways; undefined: it is no lock. */
export function lockMode(model: ClassModel): LockMode | undefined {
  for (const operation of Object.values(model.methods)) if (operation.op === "acquire") return operation.mode;
  return undefined;
}

/** A way from a named thing to its members: `node` is what the checker is asked about. */
interface Step extends Found {
  readonly node: ts.Node;
  readonly isStatic: boolean;
}

function follow(start: Step, names: readonly string[], snapshot: Snapshot): Found | undefined {
  let { place, primitive }: Found = start;
  let { node, isStatic } = start;
  for (const name of names) {
    const member = snapshot.memberOf(node, name, isStatic);
    const declaration = member?.variable.declaration;
    if (member === undefined || declaration === undefined) return undefined;
    place = step(place, name, member.variable, `${place.text}.${name}`);
    primitive = member.primitive;
    node = ts.getNameOfDeclaration(declaration) ?? declaration;
    isStatic = false;
  }
  return { place, primitive };
}

/** A parameter, a sibling of the declaration, else a variable of the scopes around it. */
function rootOf(name: string, at: ts.Node, snapshot: Snapshot): Step | undefined {
  const owner = ownerOf(at);
  if (name === "this") {
    if (owner === undefined) return undefined;
    const base = owner.isStatic ? classPlace(owner.node, snapshot) : thisPlace;
    return base && { place: base, primitive: undefined, node: owner.node, isStatic: owner.isStatic };
  }
  const parameter = ts.isFunctionLike(at) ? parameterNamed(name, at) : undefined;
  if (parameter !== undefined) return variableStep(parameter, snapshot);
  return (owner && siblingNamed(name, owner, snapshot)) ?? variableNamed(name, at, snapshot);
}

interface Owner {
  readonly node: ts.Node;
  readonly isStatic: boolean;
}

/** The class, object or type that a declaration is a member of, or that a function literal in it runs for. */
function ownerOf(declaration: ts.Node): Owner | undefined {
  let isStatic = false;
  for (let at = declaration; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isClassElement(at) && ts.isClassLike(parent)) {
      isStatic =
        ts.isClassStaticBlockDeclaration(at) ||
        (ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static) !== 0;
      return { node: parent, isStatic };
    }
    if (ts.isInterfaceDeclaration(parent) || ts.isTypeLiteralNode(parent)) return { node: parent, isStatic };
    if (ts.isObjectLiteralExpression(parent) && !isArrowProperty(at, declaration))
      return { node: parent, isStatic };
    if (ts.isFunctionDeclaration(at)) return undefined;
  }
  return undefined;
}

/** In an arrow function `this` is not the object that it is a property of. */
function isArrowProperty(property: ts.Node, declaration: ts.Node): boolean {
  return ts.isArrowFunction(declaration) && ts.isPropertyAssignment(property);
}

function siblingNamed(name: string, owner: Owner, snapshot: Snapshot): Step | undefined {
  const sides = ts.isClassLike(owner.node) ? [owner.isStatic, !owner.isStatic] : [false];
  for (const isStatic of sides) {
    const member = snapshot.memberOf(owner.node, name, isStatic);
    const declaration = member?.variable.declaration;
    const base = isStatic ? classPlace(owner.node, snapshot) : thisPlace;
    if (member === undefined || declaration === undefined || base === undefined) continue;
    // From a static member no instance is in sight.
    if (owner.isStatic && !isStatic) continue;
    return {
      place: step(base, name, member.variable, `${base.text}.${name}`),
      primitive: member.primitive,
      node: ts.getNameOfDeclaration(declaration) ?? declaration,
      isStatic: false,
    };
  }
  return undefined;
}

function classPlace(node: ts.Node, snapshot: Snapshot): Place | undefined {
  const variable = ts.isClassLike(node) && node.name ? snapshot.variableOf(node.name) : undefined;
  return variable && rootPlace(variable);
}

function variableStep(name: ts.Identifier, snapshot: Snapshot): Step | undefined {
  const place = placeOf(name, snapshot);
  const declaration = snapshot.variableOf(name)?.declaration;
  if (place === undefined) return undefined;
  return declaration !== undefined && ts.isClassLike(declaration)
    ? { place, primitive: undefined, node: declaration, isStatic: true }
    : { place, primitive: snapshot.primitiveOf(name), node: name, isStatic: false };
}

function variableNamed(name: string, from: ts.Node, snapshot: Snapshot): Step | undefined {
  for (let at = from.parent; at !== undefined; at = at.parent) {
    const found =
      "statements" in at
        ? declaredIn((at as ts.Block).statements, name)
        : ts.isFunctionLike(at)
          ? parameterNamed(name, at)
          : undefined;
    if (found !== undefined) return variableStep(found, snapshot);
  }
  return undefined;
}

function parameterNamed(name: string, { parameters }: ts.SignatureDeclaration): ts.Identifier | undefined {
  return parameters.map((parameter) => boundName(parameter.name, name)).find((found) => found !== undefined);
}

function boundName(pattern: ts.BindingName, name: string): ts.Identifier | undefined {
  if (ts.isIdentifier(pattern)) return pattern.text === name ? pattern : undefined;
  return pattern.elements
    .map((element) => (ts.isBindingElement(element) ? boundName(element.name, name) : undefined))
    .find((found) => found !== undefined);
}

function declaredIn(statements: readonly ts.Statement[], name: string): ts.Identifier | undefined {
  for (const statement of statements) {
    const found = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((each) => boundName(each.name, name)).find((each) => each)
      : ts.isClassDeclaration(statement) && statement.name?.text === name
        ? statement.name
        : ts.isImportDeclaration(statement)
          ? importedName(statement, name)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function importedName({ importClause }: ts.ImportDeclaration, name: string): ts.Identifier | undefined {
  if (importClause?.name?.text === name) return importClause.name;
  const bindings = importClause?.namedBindings;
  if (bindings === undefined) return undefined;
  if (ts.isNamespaceImport(bindings)) return bindings.name.text === name ? bindings.name : undefined;
  return bindings.elements.find((element) => element.name.text === name)?.name;
}
