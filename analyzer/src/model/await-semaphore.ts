import type { ClassModel, LibraryModel } from "./model.js";
import { guardedBy, guardRelease, section } from "./operations.js";

const lock = (kind: "mutex" | "semaphore", mode: "write" | "permit"): ClassModel => ({
  kind,
  noCopy: true,
  methods: { acquire: guardedBy(mode), use: section(mode) },
});

/** `await-semaphore`: nothing but the function that `acquire()` resolves to gives a turn back. */
export const awaitSemaphore: LibraryModel = {
  name: "await-semaphore",
  modules: {
    "await-semaphore": {
      classes: {
        Semaphore: lock("semaphore", "permit"),
        Mutex: lock("mutex", "write"),
        Releaser: { kind: "guard", noCopy: false, methods: {}, call: guardRelease },
      },
      functions: {},
    },
  },
  declarations: `declare module "await-semaphore" {
  interface Releaser { (): void }
  class Semaphore {
    constructor(count: number);
    count: number;
    acquire(): Promise<Releaser>;
    use<T>(f: () => Promise<T>): Promise<T>;
  }
  class Mutex {
    constructor();
    count: number;
    acquire(): Promise<Releaser>;
    use<T>(f: () => Promise<T>): Promise<T>;
  }
}
`,
};
