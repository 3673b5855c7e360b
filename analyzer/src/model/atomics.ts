import type { LibraryModel } from "./model.js";
import { harmless } from "./operations.js";

/** The language's own `Atomics`, on the elements of shared typed arrays. */
export const atomics: LibraryModel = {
  name: "Atomics",
  modules: {},
  globals: {
    Atomics: {
      kind: "atomic",
      noCopy: false,
      methods: {
        load: harmless("atomic-load"),
        store: harmless("atomic-store"),
        add: harmless("atomic-update"),
        sub: harmless("atomic-update"),
        and: harmless("atomic-update"),
        or: harmless("atomic-update"),
        xor: harmless("atomic-update"),
        exchange: harmless("atomic-update"),
        compareExchange: harmless("atomic-update"),
        notify: harmless(),
        isLockFree: harmless(),
      },
    },
  },
  traces: ["\\bAtomics\\."],
};
