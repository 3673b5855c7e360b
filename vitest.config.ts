import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@lockscope/source"] },
  ssr: { resolve: { conditions: ["@lockscope/source", "node", "import", "default"] } },
  test: {
    include: [
      "{primitives,trace,analyzer,server,client,viewer,cli,scripts}/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "**/testdata/**", "test/editor/**", "test/corpus/goker/**"],
    testTimeout: 30_000,
  },
});
