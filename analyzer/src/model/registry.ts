import type { ClassModel, LibraryModel, ModuleModel, Operation } from "./model.js";

/** The models that one workspace goes by: the built-in ones and those of its configuration. */
export interface ModelRegistry {
  readonly models: readonly LibraryModel[];
  /** The modelled module that a file of declarations belongs to: of an installed package, or of the program itself. */
  moduleOfFile(file: string): string | undefined;
  classModel(module: string, name: string): ClassModel | undefined;
  methodOperation(module: string, owner: string, method: string): Operation | undefined;
  functionOperation(module: string, name: string): Operation | undefined;
  /** Whether some class has an operation of this name. */
  isMethodName(name: string): boolean;
  /** An interface of the language's or the browser's own library. */
  globalModel(name: string): ClassModel | undefined;
}

/** Where two models speak of one module, the later one does: a configuration may correct what is built in. */
export function createRegistry(models: readonly LibraryModel[]): ModelRegistry {
  const modules = new Map<string, ModuleModel>(models.flatMap((model) => Object.entries(model.modules)));
  const globals = new Map<string, ClassModel>(models.flatMap((model) => Object.entries(model.globals ?? {})));
  const methods = new Set(
    [...modules.values()].flatMap(({ classes }) =>
      Object.values(classes).flatMap((each) => Object.keys(each.methods)),
    ),
  );
  const byFile = new Map<string, string>();
  const classModel = (module: string, name: string) => own(modules.get(module)?.classes, name);
  return {
    models,
    moduleOfFile(file) {
      let module = byFile.get(file);
      if (module === undefined) {
        module = modules.has(file) ? file : packageOf(file, modules);
        byFile.set(file, module);
      }
      return module === "" ? undefined : module;
    },
    classModel,
    methodOperation: (module, owner, method) => own(classModel(module, owner)?.methods, method),
    functionOperation: (module, name) => own(modules.get(module)?.functions, name),
    isMethodName: (name) => methods.has(name),
    globalModel: (name) => globals.get(name),
  };
}

/** Method names come from users' programs: `constructor` must not find Object's. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** `…/node_modules/async-mutex/lib/Mutex.d.ts`: the package, if it is modelled; else empty. */
function packageOf(file: string, modules: ReadonlyMap<string, ModuleModel>): string {
  const at = file.lastIndexOf("/node_modules/");
  if (at < 0) return "";
  const parts = file.slice(at + "/node_modules/".length).split("/");
  const name = parts[0]?.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
  return modules.has(name) ? name : "";
}
