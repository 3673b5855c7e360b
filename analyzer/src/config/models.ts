import { isAbsolute, resolve } from "node:path";
import type { ClassModel, LibraryModel, ModuleModel, Operation, PrimitiveKind } from "../model/index.js";
import { events, forms, kinds, modes, operationShapes, type Shape } from "./operation-shapes.js";

/** Told of what is wrong: where in the value, and what is expected there. */
type Wrong = (message: string) => void;
type Json = Readonly<Record<string, unknown>>;

/**
 * The `models` of a configuration: by module, as imports name it (`"@acme/locks"`), or as a path to a file
 * of the program's own (`"./src/lock.ts"`, relative to `folder`). What is wrong is told and left out; the
 * rest counts.
 */
export function parseModels(value: unknown, folder: string, wrong: Wrong): LibraryModel[] {
  if (value === undefined) return [];
  if (!isRecord(value)) {
    wrong('"models": an object is expected, with a model by module');
    return [];
  }
  return Object.entries(value).flatMap(([name, model]) => {
    const at = `models["${name}"]`;
    if (!isRecord(model)) {
      wrong(`${at}: an object is expected`);
      return [];
    }
    unknownKeys(model, ["classes", "functions"], at, wrong);
    return [libraryOf(name, moduleOf(model, at, wrong), folder)];
  });
}

function libraryOf(name: string, model: ModuleModel, folder: string): LibraryModel {
  const isPath = /^\.{1,2}\//.test(name) || isAbsolute(name);
  if (!isPath) return { name, modules: { [name]: model } };
  const names = [...Object.keys(model.classes), ...Object.keys(model.functions)];
  return {
    name,
    modules: { [resolve(folder, name)]: model },
    // Files import it by many names: what they use of it is what gives them away.
    traces: names.map((each) => `\\b${each.replace(/\W/g, "\\$&")}\\b`),
  };
}

function moduleOf(model: Json, at: string, wrong: Wrong): ModuleModel {
  return {
    classes: entries(model.classes, `${at}.classes`, wrong, classOf),
    functions: entries(model.functions, `${at}.functions`, wrong, operationOf),
  };
}

function classOf(value: unknown, at: string, wrong: Wrong): ClassModel | undefined {
  if (!isRecord(value)) {
    wrong(`${at}: an object is expected`);
    return undefined;
  }
  unknownKeys(value, ["kind", "title", "noCopy", "singleton", "reentrantBy", "call", "methods"], at, wrong);
  const { kind = "mutex", noCopy, title, singleton, reentrantBy } = value;
  if (typeof kind !== "string" || !kinds.includes(kind)) {
    wrong(`${at}.kind: one of ${kinds.join(", ")} is expected`);
    return undefined;
  }
  const isText = (name: string, given: unknown): given is string => {
    if (given !== undefined && typeof given !== "string") wrong(`${at}.${name}: a string is expected`);
    return typeof given === "string";
  };
  const isTrue = (name: string, given: unknown): boolean => {
    if (given !== undefined && typeof given !== "boolean") wrong(`${at}.${name}: true or false is expected`);
    return given === true;
  };
  const call = value.call === undefined ? undefined : operationOf(value.call, `${at}.call`, wrong);
  const isLock = kind !== "guard" && kind !== "locker" && kind !== "task";
  return {
    kind: kind as PrimitiveKind,
    noCopy: noCopy === undefined ? isLock : isTrue("noCopy", noCopy),
    methods: entries(value.methods, `${at}.methods`, wrong, operationOf),
    ...(isText("title", title) && { title }),
    ...(isTrue("singleton", singleton) && { singleton: true }),
    ...(isText("reentrantBy", reentrantBy) && { reentrantBy }),
    ...(call !== undefined && { call }),
  };
}

/** `"release"`, or `{ "op": "acquire", "mode": "permit" }`. */
function operationOf(value: unknown, at: string, wrong: Wrong): Operation | undefined {
  const given: unknown = typeof value === "string" ? { op: value } : value;
  if (!isRecord(given) || typeof given.op !== "string") {
    wrong(`${at}: the name of an operation is expected, or an object with "op"`);
    return undefined;
  }
  const shape = Object.hasOwn(operationShapes, given.op) ? operationShapes[given.op] : undefined;
  if (shape === undefined) {
    wrong(`${at}: unknown operation "${given.op}": known are ${Object.keys(operationShapes).join(", ")}`);
    return undefined;
  }
  unknownKeys(given, ["op", ...Object.keys(shape.fields)], at, wrong);
  let valid = true;
  for (const [name, kind] of Object.entries(shape.fields)) {
    const expected = given[name] === undefined ? undefined : mismatch(given[name], kind);
    if (expected !== undefined) wrong(`${at}.${name}: ${expected} is expected`);
    if (expected !== undefined) valid = false;
  }
  for (const name of shape.required ?? []) {
    if (given[name] === undefined) wrong(`${at}: "${given.op}" needs "${name}"`);
    if (given[name] === undefined) valid = false;
  }
  if (!valid) return undefined;
  const known = Object.entries(given).filter(([name]) => name === "op" || Object.hasOwn(shape.fields, name));
  // Every field has been held to its shape, which is that of the type.
  return { ...shape.defaults, ...Object.fromEntries(known) } as unknown as Operation;
}

/** What is expected, where the value is something else. */
function mismatch(value: unknown, shape: Shape): string | undefined {
  const isIndex = Number.isInteger(value) && Number(value) >= 0;
  switch (shape) {
    case "mode":
      return modes.some((each) => each === value) ? undefined : `one of ${modes.join(", ")}`;
    case "form":
      return forms.some((each) => each === value) ? undefined : `one of ${forms.join(", ")}`;
    case "event":
      return events.some((each) => each === value) ? undefined : `one of ${events.join(", ")}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "index":
      return isIndex ? undefined : "the position of an argument, from 0";
    case "callback":
      return isIndex || value === "last" ? undefined : 'the position of an argument, from 0, or "last"';
    case "options":
      return isOptions(value)
        ? undefined
        : '{ "argument": 1, "read": { "property": "mode", "value": "shared" }, "impatient": ["ifAvailable"] }';
  }
}

function isOptions(value: unknown): boolean {
  if (!isRecord(value) || !Number.isInteger(value.argument)) return false;
  const { read, impatient } = value;
  const isRead =
    read === undefined ||
    (isRecord(read) && typeof read.property === "string" && typeof read.value === "string");
  const isImpatient =
    impatient === undefined ||
    (Array.isArray(impatient) && impatient.every((each) => typeof each === "string"));
  return isRead && isImpatient;
}

function entries<T>(
  value: unknown,
  at: string,
  wrong: Wrong,
  read: (value: unknown, at: string, wrong: Wrong) => T | undefined,
): Record<string, T> {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    wrong(`${at}: an object is expected, by name`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]): [string, T][] => {
      const found = read(each, `${at}.${name}`, wrong);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

function unknownKeys(value: Json, known: readonly string[], at: string, wrong: Wrong): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) wrong(`${at}: unknown key "${key}": known are ${known.join(", ")}`);
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
