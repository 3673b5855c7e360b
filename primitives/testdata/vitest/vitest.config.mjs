// A project of short test files: vitest ends the process of each by a signal as soon as it has its result.
const conditions = ["@lockscope/source"];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions: [...conditions, "node", "import", "default"] } },
  test: { include: ["*.check.mjs"], pool: "forks" },
};
