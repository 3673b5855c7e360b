import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import remapping, { type EncodedSourceMap, type SourceMapInput } from "@jridgewell/remapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Comment } from "acorn";
import type MagicString from "magic-string";

/** A place in what the author wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The map of a script that was made from something else. */
export class InputMap {
  readonly #map: TraceMap;

  private constructor(
    private readonly raw: EncodedSourceMap,
    private readonly url: string,
    /** The comment that names the map. */
    readonly comment: Comment,
  ) {
    this.#map = new TraceMap(raw, url);
  }

  /** The map that the last comment of its kind names; undefined if there is none, or it cannot be read. */
  static find(comments: readonly Comment[], file: string): InputMap | undefined {
    const comment = comments.findLast(({ value }) => pattern.test(value));
    const name = comment && pattern.exec(comment.value)?.[1];
    if (comment === undefined || name === undefined) return undefined;
    const script = pathToFileURL(file).href;
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(name);
    try {
      const url = inline ? script : new URL(name, script).href;
      const text = inline
        ? inline[1]
          ? Buffer.from(inline[2]!, "base64").toString()
          : decodeURIComponent(inline[2]!)
        : readFileSync(fileURLToPath(url), "utf8");
      return new InputMap(JSON.parse(text) as EncodedSourceMap, url, comment);
    } catch {
      return undefined; // A broken map: the places in the script itself are good enough.
    }
  }

  /** Where line (from 1) and column (from 0) of the script come from. */
  placeOf(line: number, column: number): Place | undefined {
    const found = originalPositionFor(this.#map, { line, column });
    if (found.source === null) return undefined;
    return { file: toPath(found.source), line: found.line, column: found.column + 1 };
  }

  /** The map of a text that was made of the script by `change`. */
  after(change: SourceMapInput): string {
    const { resolvedSources } = this.#map;
    const sources = resolvedSources.map((source) => source ?? this.url);
    const { sourceRoot: _, ...raw } = this.raw;
    const input = { ...raw, sources } as EncodedSourceMap;
    return remapping([change, input], () => null).toString();
  }
}

const pattern = /^[#@]\s*sourceMappingURL=(\S+)\s*$/;

/** The map from a changed text to `file`, or on to what `file` was made from. */
export function mapOf(text: MagicString, file: string, input: InputMap | undefined): string {
  const source = pathToFileURL(file).href;
  const change = text.generateMap({ source, hires: "boundary", includeContent: input === undefined });
  return input === undefined ? change.toString() : input.after(change as EncodedSourceMap);
}

export function inlineMap(map: string): string {
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
}

function toPath(name: string): string {
  return name.startsWith("file:") ? fileURLToPath(name) : name;
}
