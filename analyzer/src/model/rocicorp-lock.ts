import type { LibraryModel } from "./model.js";
import { guardedBy, guardRelease, section } from "./operations.js";

/** `@rocicorp/lock`: both classes give functions that release. */
export const rocicorpLock: LibraryModel = {
  name: "@rocicorp/lock",
  modules: {
    "@rocicorp/lock": {
      classes: {
        Lock: {
          kind: "mutex",
          noCopy: true,
          methods: { lock: guardedBy("write"), withLock: section("write") },
        },
        RWLock: {
          kind: "rwmutex",
          noCopy: true,
          methods: {
            read: guardedBy("read"),
            withRead: section("read"),
            write: guardedBy("write"),
            withWrite: section("write"),
          },
        },
        Releaser: { kind: "guard", noCopy: false, methods: {}, call: guardRelease },
      },
      functions: {},
    },
  },
  declarations: `declare module "@rocicorp/lock" {
  interface Releaser { (): void }
  class Lock {
    lock(): Promise<Releaser>;
    withLock<R>(f: () => R | Promise<R>): Promise<R>;
  }
  class RWLock {
    read(): Promise<Releaser>;
    withRead<R>(f: () => R | Promise<R>): Promise<R>;
    write(): Promise<Releaser>;
    withWrite<R>(f: () => R | Promise<R>): Promise<R>;
  }
}
`,
};
