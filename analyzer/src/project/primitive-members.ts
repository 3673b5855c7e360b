import type ts from "typescript";
import type { ModelRegistry } from "../model/index.js";

/** What the members of primitives are called, fields included; and more, but hardly any name of other things. */
export interface PrimitiveMembers {
  has(name: string): boolean;
}

/** By the declarations of the libraries; where a class of the program's own extends one, it may be any name. */
export function primitiveMembers(program: ts.Program, registry: ModelRegistry): PrimitiveMembers {
  const { moduleOfFile } = registry;
  const { declared, mayExtend } = namesOf(registry);
  const installed = new Set<string>();
  let open = false;
  for (const file of program.getSourceFiles()) {
    if (moduleOfFile(file.fileName) !== undefined) for (const word of wordsOf(file)) installed.add(word);
    else if (!file.isDeclarationFile) open ||= mayExtend(file);
  }
  return { has: (name) => open || declared.has(name) || installed.has(name) };
}

interface ModelNames {
  readonly declared: ReadonlySet<string>;
  /** Whether a class of the file may extend one of the models'. */
  mayExtend(file: ts.SourceFile): boolean;
}

const modelNames = new WeakMap<ModelRegistry, ModelNames>();

function namesOf(registry: ModelRegistry): ModelNames {
  let names = modelNames.get(registry);
  if (names === undefined) {
    names = readNames(registry);
    modelNames.set(registry, names);
  }
  return names;
}

function readNames({ models }: ModelRegistry): ModelNames {
  const classes = models.flatMap(({ modules }) =>
    Object.values(modules).flatMap((module) => Object.keys(module.classes ?? {})),
  );
  const extended = new RegExp(`\\bextends\\s+(?:[\\w$]+\\.)*(?:${classes.join("|")})\\b`);
  const renamed = new RegExp(`\\b(?:${classes.join("|")}|default)\\s+as\\s`);
  const answers = new WeakMap<ts.SourceFile, boolean>();
  return {
    declared: new Set(models.flatMap(({ declarations }) => words(declarations ?? ""))),
    mayExtend(file) {
      let answer = answers.get(file);
      if (answer === undefined) {
        const { text } = file;
        answer = extended.test(text) || (renamed.test(text) && /\bextends\b/.test(text));
        answers.set(file, answer);
      }
      return answer;
    },
  };
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
