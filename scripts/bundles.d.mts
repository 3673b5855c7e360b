import type { BuildOptions } from "esbuild";

export declare const common: BuildOptions;
export declare const bundles: Record<string, BuildOptions>;
export declare function libraryModules(root: string, format: "esm" | "cjs"): BuildOptions;
