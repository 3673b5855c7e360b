import type ts from "typescript";
import type { Severity } from "../api.js";
import type { Facts, UnitFacts } from "../facts/facts.js";
import type { ProgramIndex } from "../facts/program-index.js";
import type { Scopes } from "../plain/scopes.js";
import type { Snapshot } from "../project/port.js";

export type { UnitFacts } from "../facts/facts.js";

/** The fixed headings of every rule's page. Markdown; code blocks are checked by the rule itself in tests. */
export interface RuleDoc {
  /** What it does: one or two sentences. */
  readonly what: string;
  /** Why it is bad. */
  readonly why: string;
  /** Where it is silent, and where it can be wrong. */
  readonly knownProblems: string;
  readonly wrong: string;
  readonly right: string;
}

/** Where the rule comes from: credit as data. */
export interface RuleSource {
  readonly name: string;
  readonly url: string;
}

export interface Edit {
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FixPlan {
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  readonly edits: readonly Edit[];
}

export interface Note {
  readonly node: ts.Node;
  readonly message: string;
}

export interface Report {
  readonly node: ts.Node;
  readonly message: string;
  readonly related?: readonly Note[];
  readonly fixes?: readonly (FixPlan | undefined)[];
  /**
   * Dropped where one of these rules reports at one of the places; with `around`, also where it reports in
   * the class of a place or inside that node: the same defect, seen from elsewhere.
   */
  readonly unlessSaid?: {
    readonly rules: ReadonlySet<string>;
    readonly places: readonly ts.Node[];
    readonly around: ts.Node | undefined;
  };
}

export interface RuleContext {
  readonly snapshot: Snapshot;
  readonly file: ts.SourceFile;
  readonly units: readonly UnitFacts[];
  /** Every call of the file, in the order of the text. */
  readonly calls: readonly ts.CallExpression[];
  readonly index: ProgramIndex;
  /** What is known of any function of the program: `facts.of(body).summary`. */
  readonly facts: Facts;
  /** Every function of every file that names a primitive, looked at when first asked for. */
  readonly program: () => readonly UnitFacts[];
}

/** What a rule needs that reads the text of one file alone: it also speaks where no library is in sight. */
export interface PlainContext {
  /** Its parents are set, its types are not known. */
  readonly file: ts.SourceFile;
  readonly scopes: Scopes;
  /**
   * Whether a lock is surely held, by what the paths of the enclosing function say, from one node to the
   * other. Known only where the file uses a modelled library; elsewhere false.
   */
  isGuarded(from: ts.Node, to: ts.Node): boolean;
}

interface RuleHead {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly doc: RuleDoc;
  readonly sources: readonly RuleSource[];
}

/** A rule is a value. `run` detects; explaining is the doc; fixing is a function of its own beside it. */
export interface TypedRule extends RuleHead {
  run(context: RuleContext): Iterable<Report>;
}

/** Needs no types, so it runs on files that the compiler is never asked about. */
export interface PlainRule extends RuleHead {
  plain(context: PlainContext): Iterable<Report>;
}

/** With both halves, `run` sees what `plain` cannot: operations of a modelled library. */
export type Rule = TypedRule | PlainRule | (TypedRule & PlainRule);

export function isTyped(rule: Rule): rule is TypedRule {
  return "run" in rule;
}

export function isPlain(rule: Rule): rule is PlainRule {
  return "plain" in rule;
}
