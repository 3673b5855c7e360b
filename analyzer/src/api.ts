/**
 * What the analyzer gives to the rooms above it: plain data, no syntax trees, no LSP, no terminal.
 * Positions are 0-based and count UTF-16 code units, as editors do.
 */
export type Severity = "error" | "warning";

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface TextEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** One way to mend a finding. `safe`: the program does what it did, minus the defect. */
export interface Fix {
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  readonly edits: readonly TextEdit[];
}

/** A place that explains a finding: where the lock was taken, which path leaves it held. */
export interface RelatedPlace {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Absolute path. */
  readonly file: string;
  readonly range: Range;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

/** Something of ours that failed; the rest of the work went on. */
export interface InternalError {
  readonly file?: string;
  readonly rule?: string;
  readonly message: string;
  readonly stack?: string;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly errors: readonly InternalError[];
  /** How many files were looked at (named a primitive), and how many were only gated by their text. */
  readonly analyzed: number;
  readonly skipped: number;
  /** How many functions were explored for it; of the others it was known that nothing changed since an earlier check. */
  readonly explored: number;
}

/** What a hover shows for the expression at a position: Markdown. */
export interface HoverInfo {
  readonly markdown: string;
  readonly range: Range;
}

/** Something to write at a position: a tag of an annotation, or a lock that it may name there. */
export interface CompletionInfo {
  readonly label: string;
  readonly detail: string;
  readonly documentation: string;
  readonly kind: "tag" | "lock";
  /** What is there already and goes. */
  readonly range: Range;
}

/** The page of a rule: the same text in the hover, in `docs/rules/` and in `lockscope explain`. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly markdown: string;
  readonly url: string;
}

export interface WorkspaceOptions {
  /** Root folder: tsconfig.json files are looked up from each file upwards. */
  readonly cwd: string;
  /** What the command line says of rules; wins over `lockscope.config.json`. */
  readonly levels?: Readonly<Record<string, "off" | "warn" | "error">>;
  /** A tsconfig.json for all files, instead of the nearest one upwards. */
  readonly tsconfig?: string;
  /** Results are remembered by content, from one process to the next, for one version of whoever judges. */
  readonly cache?: { readonly folder: string; readonly version: string };
  /**
   * Large checks go on several threads, each with the program in its own memory: two for three processors. `entry` is a
   * module that calls `serveCrew()`. For a workspace that is checked once: what the others find out, only they know.
   */
  readonly threads?: { readonly processors: number; readonly entry: URL };
  /** Told of what goes wrong between checks; what a check meets is among its result's errors. Never throws. */
  readonly log?: (message: string) => void;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A loaded workspace. Files are absolute paths; text that an editor holds wins over the disk. */
export interface Workspace {
  /** The editor's text of a file (open or changed). */
  setText(file: string, text: string): void;
  /** The editor let go of the file: the disk counts again. */
  clearText(file: string): void;
  /** Files changed, appeared or vanished on disk (a tsconfig.json among them reloads its project). */
  filesChanged(files: readonly string[]): void;
  /** Source files of the projects below the given paths (files or folders; node_modules, dist and .d.ts left out). */
  listFiles(paths: readonly string[]): readonly string[];
  /** The source files that a tsconfig.json includes. Throws an Error that says what is wrong in it. */
  projectFiles(tsconfig: string): readonly string[];
  /**
   * Findings of these files. Yields to the event loop between units of work; rejects with
   * `signal.reason` once aborted.
   */
  check(files: readonly string[], options?: CheckOptions): Promise<CheckResult>;
  hover(file: string, position: Position): HoverInfo | undefined;
  /** What can be written in an annotation of a JSDoc comment; nothing elsewhere. */
  completions(file: string, position: Position): readonly CompletionInfo[];
  /** Files whose findings may differ after `file` changed (itself included), among those that were checked. */
  affectedBy(file: string): readonly string[];
  dispose(): void;
}
