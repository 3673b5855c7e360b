import type ts from "typescript";
import type { ModelRegistry } from "../model/index.js";

/** What the members of primitives are called, fields included; and more, but hardly any name of other things. */
export interface PrimitiveMembers {
  has(name: string): boolean;
}

/** By the declarations of the libraries; where a class of the program's own extends one, it may be any name. */
export function primitiveMembers(program: ts.Program, registry: ModelRegistry): PrimitiveMembers {
  const { models, moduleOfFile } = registry;
  const classes = models.flatMap(({ modules }) =>
    Object.values(modules).flatMap((module) => Object.keys(module.classes ?? {})),
  );
  const extended = new RegExp(`\\bextends\\s+(?:[\\w$]+\\.)*(?:${classes.join("|")})\\b`);
  const renamed = new RegExp(`\\b(?:${classes.join("|")}|default)\\s+as\\s`);
  const names = new Set(models.flatMap(({ declarations }) => words(declarations ?? "")));
  let open = false;
  for (const file of program.getSourceFiles()) {
    if (moduleOfFile(file.fileName) !== undefined) for (const word of wordsOf(file)) names.add(word);
    else if (!file.isDeclarationFile)
      open ||= extended.test(file.text) || (renamed.test(file.text) && /\bextends\b/.test(file.text));
  }
  return { has: (name) => open || names.has(name) };
}

const known = new WeakMap<ts.SourceFile, readonly string[]>();

function wordsOf(file: ts.SourceFile): readonly string[] {
  let found = known.get(file);
  if (found === undefined) {
    found = words(file.text);
    known.set(file, found);
  }
  return found;
}

function words(text: string): string[] {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").match(/[\w$]+/g) ?? [];
}
