import ts from "typescript";
import type { ClassModel, ModelRegistry } from "../model/index.js";
import type { OwnedPrimitive } from "./port.js";
import { libraryName } from "./symbols.js";

/** Which types are primitives of a modelled library. */
export interface Primitives {
  /** The module of a library that a declaration belongs to: an ambient one, or a package's own file. */
  moduleOf(declaration: ts.Declaration): string | undefined;
  /** An interface of the language's or the browser's library; a class of the program's own may be called the same. */
  globalModelOf(name: string, declaration: ts.Declaration): ClassModel | undefined;
  ofSymbol(symbol: ts.Symbol | undefined): Primitive | undefined;
  ofType(type: ts.Type): Primitive | undefined;
  /** Those that a value of the type holds by value. */
  ownedBy(type: ts.Type): OwnedPrimitive[];
}

export interface Primitive {
  readonly name: string;
  readonly model: ClassModel;
}

/** Literals nested deeper than this are not searched for locks. */
const maxOwnershipDepth = 3;

export function createPrimitives(program: ts.Program, registry: ModelRegistry): Primitives {
  const checker = program.getTypeChecker();
  const isLibraryCode = (declaration: ts.Declaration) =>
    program.isSourceFileDefaultLibrary(declaration.getSourceFile());

  function moduleOf(declaration: ts.Declaration): string | undefined {
    return libraryName(declaration) ?? registry.moduleOfFile(declaration.getSourceFile().fileName);
  }

  function globalModelOf(name: string, declaration: ts.Declaration): ClassModel | undefined {
    const model = registry.globalModel(name);
    const file = declaration.getSourceFile();
    const isGlobal =
      model !== undefined && (file.isDeclarationFile || program.isSourceFileDefaultLibrary(file));
    return isGlobal ? model : undefined;
  }

  function ofType(type: ts.Type): Primitive | undefined {
    const present = checker.getNonNullableType(type);
    if (present.isUnion()) {
      const members = present.types.map(ofType);
      const first = members[0];
      return first && members.every((member) => member?.model === first.model) ? first : undefined;
    }
    const found = ofSymbol(present.getSymbol());
    if (found !== undefined || !present.isClass()) return found;
    const base = checker.getBaseTypes(present)[0];
    return base && ofType(base);
  }

  function ofSymbol(symbol: ts.Symbol | undefined): Primitive | undefined {
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
      const primitive = ofType(propertyType);
      if (primitive?.model.noCopy)
        found.push({
          path: readableName(at),
          className: primitive.name,
          reference: primitive.model.reference === true,
        });
      else if (isLiteralObject(propertyType)) owned(propertyType, at, depth + 1, found);
    }
  }

  return {
    moduleOf,
    globalModelOf,
    ofSymbol,
    ofType,
    ownedBy(type) {
      const primitive = ofType(type);
      if (primitive !== undefined)
        return primitive.model.noCopy
          ? [{ path: "", className: primitive.name, reference: primitive.model.reference === true }]
          : [];
      const found: OwnedPrimitive[] = [];
      owned(type, "", 1, found);
      return found;
    },
  };
}

function nameOfClass(declaration: ts.Declaration): string | undefined {
  return ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)
    ? declaration.name?.text
    : undefined;
}

/** `#mu` has a mangled symbol name. */
export function readableName(name: string): string {
  return name.replace(/__#\d+@#/g, "#");
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
