import type { LoadFnOutput } from "node:module";
import { fileURLToPath } from "node:url";

/** A file's code with its calls numbered; undefined where it stays as it is. */
export type Prepare = (code: string, file: string, format: "module" | "commonjs") => string | undefined;

/** What a loader brought for the file at `url`, prepared if it is JavaScript. */
export function prepared(url: string, loaded: LoadFnOutput, prepare: Prepare): LoadFnOutput {
  const { source, format } = loaded;
  if (!source || !(format === "module" || format === "commonjs")) return loaded;
  const code = typeof source === "string" ? source : new TextDecoder().decode(source);
  const changed = prepare(code, fileURLToPath(url), format);
  return changed === undefined ? loaded : { ...loaded, source: changed };
}
