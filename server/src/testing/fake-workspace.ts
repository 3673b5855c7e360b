import { basename } from "node:path";
import type {
  CheckResult,
  CompletionInfo,
  Finding,
  InternalError,
  Workspace,
  WorkspaceOptions,
} from "@lockscope/analyzer";

/**
 * A workspace whose one rule flags the word `BAD`, with `GOOD` as its safe fix. It makes the server's own
 * behaviour testable: checks can be held back, counted and made to fail.
 */
export class FakeWorkspace implements Workspace {
  readonly texts = new Map<string, string>();
  readonly changedOnDisk: string[] = [];
  readonly checked: string[] = [];
  aborted = 0;
  disposed = false;
  /** While set, every check waits for it. */
  gate: Promise<void> | undefined;
  failWith: Error | undefined;
  errors: InternalError[] = [];

  constructor(readonly options: WorkspaceOptions) {}

  setText(file: string, text: string): void {
    this.texts.set(file, text);
  }

  clearText(file: string): void {
    this.texts.delete(file);
  }

  filesChanged(files: readonly string[]): void {
    this.changedOnDisk.push(...files);
  }

  listFiles(paths: readonly string[]): readonly string[] {
    return paths;
  }

  async check(files: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<CheckResult> {
    this.checked.push(...files);
    try {
      await this.gate;
      signal?.throwIfAborted();
    } catch (error) {
      this.aborted++;
      throw error;
    }
    if (this.failWith) throw this.failWith;
    const findings = files.flatMap((file) => findingsIn(file, this.texts.get(file) ?? ""));
    return { findings, errors: this.errors, analyzed: files.length, skipped: 0, explored: 0 };
  }

  hover(file: string, { line }: { line: number }) {
    const text = this.texts.get(file)?.split("\n")[line];
    if (text === undefined) throw new Error(`no line ${line}`);
    const range = { start: { line, character: 0 }, end: { line, character: text.length } };
    return { markdown: `**${text}**`, range };
  }

  /** Behind an `@`, the tag that the line names. */
  completions(file: string, { line, character }: { line: number; character: number }): CompletionInfo[] {
    const before = this.texts.get(file)?.split("\n")[line]?.slice(0, character) ?? "";
    const start = before.lastIndexOf("@");
    if (start < 0) return [];
    const range = { start: { line, character: start }, end: { line, character } };
    return [{ label: "@good", detail: "Lockscope", documentation: "is good", kind: "tag", range }];
  }

  projectFiles(): readonly string[] {
    return [];
  }

  affectedBy(file: string): readonly string[] {
    const name = basename(file, ".ts");
    return [...this.texts].filter(([other, text]) => other === file || text.includes(name)).map(([f]) => f);
  }

  dispose(): void {
    this.disposed = true;
  }
}

function findingsIn(file: string, text: string): Finding[] {
  return text.split("\n").flatMap((lineText, line) =>
    [...lineText.matchAll(/BAD\d?/g)].map((match): Finding => {
      const start = { line, character: match.index };
      const range = { start, end: { line, character: match.index + match[0].length } };
      return {
        rule: match[0] === "BAD9" ? "unused-suppression" : "no-bad",
        severity: match[0] === "BAD2" ? "warning" : "error",
        message: `${match[0]} is bad`,
        file,
        range,
        related: [{ file, range, message: "here" }],
        fixes: [
          { title: "Delete it", safety: "unsafe", edits: [{ file, range, newText: "" }] },
          { title: "Make it good", safety: "safe", edits: [{ file, range, newText: "GOOD" }] },
        ],
      };
    }),
  );
}
