import type { LibraryModel } from "./model.js";
import { inspect, sectionAt } from "./operations.js";

/** The Web Locks API, `navigator.locks`: one manager an origin, a lock for each name. */
export const webLocks: LibraryModel = {
  name: "Web Locks",
  modules: {},
  globals: {
    LockManager: {
      kind: "mutex",
      title: "Web Lock",
      noCopy: false,
      singleton: true,
      methods: {
        request: sectionAt("last", "write", {
          key: 0,
          options: {
            argument: 1,
            read: { property: "mode", value: "shared" },
            impatient: ["ifAvailable", "steal"],
          },
        }),
        query: inspect,
      },
    },
  },
  traces: ["\\blocks\\??\\.request\\("],
};
