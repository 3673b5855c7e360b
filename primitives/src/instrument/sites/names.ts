import type { AnyNode } from "acorn";

/** Under which name `value`, which stands right below `parent`, is kept; undefined where under none. */
export function keptName(parent: AnyNode, value: AnyNode): string | undefined {
  switch (parent.type) {
    case "VariableDeclarator":
      return parent.init === value ? plainName(parent.id) : undefined;
    case "AssignmentExpression":
      return parent.right === value ? lastName(parent.left) : undefined;
    case "AssignmentPattern":
      return parent.right === value ? plainName(parent.left) : undefined;
    case "PropertyDefinition":
    case "Property":
      return parent.value === value ? keyName(parent.key, parent.computed) : undefined;
    case "CallExpression":
      return parent.arguments[2] === value ? fieldName(parent) : undefined;
    default:
      return undefined;
  }
}

/** The name that the engine gives a function or class, which stands right below `parent`, in stack traces. */
export function functionName(parent: AnyNode, node: AnyNode): string | undefined {
  if ("id" in node && node.id?.type === "Identifier") return node.id.name;
  switch (parent.type) {
    case "MethodDefinition":
      if (parent.kind === "constructor") return undefined;
      return prefix(parent.kind) + (keyName(parent.key, parent.computed) ?? "");
    case "Property":
      return prefix(parent.kind) + (keyName(parent.key, parent.computed) ?? "");
    case "ExportDefaultDeclaration":
      return "default";
    case "AssignmentExpression":
      return parent.right === node ? pathName(parent.left) : undefined;
    case "CallExpression":
      return parent.arguments[0] === node ? givenName(parent) : undefined;
    default:
      return keptName(parent, node);
  }
}

const prefix = (kind: string) => (kind === "get" || kind === "set" ? `${kind} ` : "");

function plainName(node: AnyNode): string | undefined {
  return node.type === "Identifier" ? node.name : undefined;
}

function keyName(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Literal")
    return typeof key.value === "string" || !computed ? String(key.value) : undefined;
  return computed ? undefined : plainName(key);
}

/** `b` of `a.b`. */
function lastName(node: AnyNode): string | undefined {
  if (node.type !== "MemberExpression") return plainName(node);
  return node.computed ? undefined : keyName(node.property, false);
}

/** `a.b` of `a.b`, as the engine puts it; `this` goes without saying. */
function pathName(node: AnyNode): string | undefined {
  const last = lastName(node);
  if (node.type !== "MemberExpression" || last === undefined) return last;
  const before = node.object.type === "Super" ? undefined : pathName(node.object);
  return before === undefined ? last : `${before}.${last}`;
}

/** A field as compilers make it where the target has none: `__publicField(this, "mu", new Mutex())`. */
function fieldName({ callee, arguments: [, key] }: AnyNode & { type: "CallExpression" }): string | undefined {
  if (key === undefined || !/^_+(?:publicField|privateAdd|defineProperty)$/.test(plainName(callee) ?? ""))
    return undefined;
  return key.type === "Literal" ? keyName(key, false) : plainName(key)?.replace(/^_/, "");
}

/** esbuild keeps names through its renaming by `__name(function, "name")`. */
function givenName({
  callee,
  arguments: [, name],
}: AnyNode & { type: "CallExpression" }): string | undefined {
  return plainName(callee) === "__name" && name?.type === "Literal" ? String(name.value) : undefined;
}
