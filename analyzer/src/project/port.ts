import type ts from "typescript";
import type { ClassModel, Operation } from "../model/index.js";
import type { Lasting } from "./lasting.js";

/** A function whose body can be read. */
export type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

/** What a call expression calls, as far as that is certain. */
export type Callee =
  | {
      readonly kind: "method";
      readonly operation: Operation;
      readonly owner: string;
      readonly model: ClassModel;
      readonly method: string;
      readonly receiver: ts.Expression;
    }
  | { readonly kind: "function"; readonly operation: Operation; readonly name: string }
  | {
      readonly kind: "body";
      readonly declaration: FunctionWithBody;
      readonly receiver: ts.Expression | undefined;
      /** The function was handed to the object that is called: see `Implementations`. */
      readonly handed?: { readonly owner: ts.Expression | undefined };
    }
  /** One of several bodies, nobody knows which. */
  | {
      readonly kind: "bodies";
      readonly declarations: readonly FunctionWithBody[];
      readonly receiver: ts.Expression | undefined;
      readonly handed?: { readonly owner: ts.Expression | undefined };
    }
  /** Declared in the language's own library: `console.log`, `map.get`. `owner` is the interface or namespace. */
  | { readonly kind: "builtin"; readonly owner: string | undefined; readonly name: string }
  | { readonly kind: "unknown" };

/** A variable, parameter, field or property: what an access path is made of. */
export interface Variable {
  /** Two places with the same id are the same declaration; it has it in all snapshots of a project. */
  readonly id: number;
  readonly name: string;
  readonly declaration: ts.Declaration | undefined;
  /** Never assigned but where it is declared. */
  readonly constant: boolean;
}

export interface Member {
  readonly variable: Variable;
  readonly primitive: { readonly name: string; readonly model: ClassModel } | undefined;
}

/** A lock that an object or class holds directly: `path` from the object, `kind` the class of the primitive. */
export interface OwnedPrimitive {
  readonly path: string;
  readonly className: string;
  /** See ClassModel. */
  readonly reference: boolean;
}

/**
 * The compiler, behind the few questions that decide a finding. Everything is about one
 * snapshot of a program: after an edit a new one is asked for, and of the old only what `lasting` keeps.
 */
export interface Snapshot {
  readonly files: readonly string[];
  /** What is kept for the snapshots to come. */
  readonly lasting: Lasting;
  sourceFile(file: string): ts.SourceFile | undefined;
  calleeOf(call: ts.CallExpression): Callee;
  /** Whether some modelled class has a method of this name: asked before it is asked what is called. */
  isMethodName(name: string): boolean;
  /** Whether some type of the program declares a member of this name, for others to implement. */
  isSignatureName(name: string): boolean;
  /** What is called, where only its signature is to be seen: a method of an interface, an abstract one. */
  signatureOf(call: ts.CallExpression): ts.SignatureDeclaration | undefined;
  /** The body that a function-valued expression surely runs. */
  bodyOf(expression: ts.Expression): FunctionWithBody | undefined;
  variableOf(
    node:
      | ts.Identifier
      | ts.PrivateIdentifier
      | ts.BindingElement
      | ts.VariableDeclaration
      | ts.ParameterDeclaration,
  ): Variable | undefined;
  /** The string that an expression surely is: a literal, a constant that holds one. */
  literalOf(expression: ts.Expression): string | undefined;
  /** Variables and fields of the file that may hold what an awaited call resolved to: a guard, a releaser. */
  guardVariables(file: ts.SourceFile): ReadonlySet<number>;
  /** The property that an element of a pattern takes its value from. */
  boundProperty(element: ts.BindingElement): Variable | undefined;
  /** The member of a class (its instances, or itself), of an object or of a type; `#mu` with its sign. */
  memberOf(owner: ts.Node, name: string, isStatic?: boolean): Member | undefined;
  /** Its fields, methods left out. */
  membersOf(owner: ts.Node): readonly Member[];
  /** The model class of an expression's type, if it is a primitive (or a guard). */
  primitiveOf(expression: ts.Node): { readonly name: string; readonly model: ClassModel } | undefined;
  /** Whether it can be one, by what its variables and fields are declared as: cheaper than `primitiveOf`. */
  mayBePrimitive(expression: ts.Expression): boolean;
  /** Whether it can be a member of one, by its name too. */
  mayBeOfPrimitive(access: ts.PropertyAccessExpression): boolean;
  /** What `new X()` makes, if X is a class of a library model. */
  constructed(
    expression: ts.NewExpression,
  ): { readonly name: string; readonly model: ClassModel } | undefined;
  /** Every `new` of a class in the program. */
  constructions(owner: ts.ClassLikeDeclaration): readonly ts.NewExpression[];
  /** Whether syntax errors make the function's text mean something else than its author means. */
  isBroken(unit: ts.Node): boolean;
  /** Primitives that a value of this expression's type holds by value. */
  ownedBy(expression: ts.Expression): readonly OwnedPrimitive[];
  /** Whether the value's type has a member of this name. */
  hasMember(expression: ts.Expression, name: string): boolean;
  /** Whether two objects are of one class, or one's class extends the other's. */
  areOfOneClass(one: ts.Expression, other: ts.Expression): boolean;
  /** Whether a `switch` without default covers every value of its subject. */
  isExhaustive(statement: ts.SwitchStatement): boolean;
  /** Whether the call can never return (its type is `never`). */
  neverReturns(call: ts.CallExpression): boolean;
  /** Whether the value is a promise or may be one (awaiting it can reject). */
  isThenable(expression: ts.Expression): boolean;
}
