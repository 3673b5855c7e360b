import { lockscopeSync } from "./lockscope-sync.js";
import type { ClassModel, LibraryModel, ModuleModel, Operation } from "./model.js";

export type * from "./model.js";
export { methodFor, mustBeAwaited } from "./model.js";

/** All models, in the order in which they were written. */
export const models: readonly LibraryModel[] = [lockscopeSync];

const modules = new Map<string, ModuleModel>(models.flatMap((model) => Object.entries(model.modules)));

export function classModel(module: string, name: string): ClassModel | undefined {
  return own(modules.get(module)?.classes, name);
}

export function methodOperation(module: string, owner: string, method: string): Operation | undefined {
  return own(classModel(module, owner)?.methods, method);
}

export function functionOperation(module: string, name: string): Operation | undefined {
  return own(modules.get(module)?.functions, name);
}

/** Method names come from users' programs: `constructor` must not find Object's. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
