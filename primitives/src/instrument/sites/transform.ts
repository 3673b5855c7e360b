import { type Comment, getLineInfo, type Options, type Program, parse } from "acorn";
import MagicString from "magic-string";
import { type FoundCall, findCalls } from "./calls.js";
import { type Helpers, Rewriter } from "./rewrite.js";
import { InputMap, inlineMap, mapOf, type Place } from "./source-map.js";
import { mayCallLibrary } from "./vocabulary.js";

export interface TransformOptions {
  /** The absolute path of the script. */
  readonly file: string;
  readonly format: "module" | "commonjs";
}

/** What a text that has been through here has in it, and no other. */
const MARK = "$lockscope$";

/**
 * Puts into `code` (JavaScript) what tells the library where each of its calls stands. What the program does and
 * the lines that its code stands on stay the same. A map leads back to what the author wrote, also if that is
 * `code` itself: a debugger, which finds another text than the file has, needs it.
 *
 * @returns undefined where there is nothing to do
 * @throws {SyntaxError} if `code` does not parse
 */
export function transformCalls(code: string, options: TransformOptions): string | undefined {
  if (!mayCallLibrary(code) || code.includes(MARK)) return undefined;
  const comments: Comment[] = [];
  const program = parseAs(code, options.format, comments);
  const calls = findCalls(program, code);
  if (calls.length === 0) return undefined;

  const input = InputMap.find(comments, options.file);
  const text = new MagicString(code);
  const helpers: Helpers = { at: `${MARK}`, after: `${MARK}a`, variable: `${MARK}v` };
  const rewriter = new Rewriter(text, code, helpers);
  const table = new Table(code, options.file, input);
  for (const call of calls) if (rewriter.mark(call, table.length)) table.add(call);
  if (table.length === 0) return undefined;

  rewriter.declareVariables();
  if (input !== undefined) text.remove(input.comment.start, input.comment.end);
  text.append(`\n;${prologue(helpers, table.text)}\n`);
  return text.append(`${inlineMap(mapOf(text, options.file, input))}\n`).toString();
}

function parseAs(code: string, format: TransformOptions["format"], onComment: Comment[]): Program {
  const options: Options = { ecmaVersion: "latest", allowHashBang: true, onComment };
  if (format === "module") return parse(code, { ...options, sourceType: "module" });
  return parse(code, {
    ...options,
    sourceType: "script",
    allowReturnOutsideFunction: true,
    allowSuperOutsideMethod: false,
  });
}

/** The places of a file as the text that enters them into the registry. */
class Table {
  readonly #files: string[] = [];
  readonly #rows: unknown[][] = [];

  constructor(
    private readonly code: string,
    private readonly file: string,
    private readonly input: InputMap | undefined,
  ) {}

  get length(): number {
    return this.#rows.length;
  }

  get text(): string {
    return JSON.stringify([this.#files, this.#rows]);
  }

  add({ position, func, name }: FoundCall): void {
    const { file, line, column } = this.#placeOf(position);
    let index = this.#files.indexOf(file);
    if (index < 0) index = this.#files.push(file) - 1;
    this.#rows.push(name === undefined ? [index, line, column, func] : [index, line, column, func, name]);
  }

  #placeOf(position: number): Place {
    const { line, column } = getLineInfo(this.code, position);
    return this.input?.placeOf(line, column) ?? { file: this.file, line, column: column + 1 };
  }
}

/**
 * Stands at the file's end, where it moves no line: functions and variables are there from the beginning all the
 * same. The places are entered by the first call, which may come before the file's own code has run.
 */
function prologue({ at, after }: Helpers, table: string): string {
  const enter = `${at}e`;
  const [registry, base] = [`${at}r`, `${at}b`];
  return [
    `var ${registry}, ${base};`,
    `function ${at}(n, o) { if (${registry} === undefined && !${enter}()) return o; ${registry}.site = ${base} + n; ${registry}.siteOf = o; return o; }`,
    `function ${after}(n, o, v) { ${at}(n, o); return v; }`,
    `function ${enter}() { const found = globalThis[Symbol.for("@lockscope/sync")]; if (found?.sites === undefined) return false; ${registry} = found; ${base} = found.sites.length; const [files, rows] = ${table}; for (const [file, line, column, func, name] of rows) found.sites.push({ file: files[file], line, column, func, name }); return true; }`,
  ].join(" ");
}
