import ts from "typescript";
import type { Finding, Fix, InternalError, Range } from "./api.js";
import { createFacts, type Facts } from "./facts/facts.js";
import { guardedBy } from "./facts/guarded.js";
import { createFactsStore, type FactsStore } from "./facts/kept.js";
import { createProgramIndex } from "./facts/program-index.js";
import { syntaxOf } from "./facts/syntax-index.js";
import { createScopes } from "./plain/scopes.js";
import { isStackOverflow } from "./project/nesting.js";
import type { Snapshot } from "./project/port.js";
import { rules } from "./rules/index.js";
import { withoutRepetition } from "./rules/repetition.js";
import {
  isPlain,
  isTyped,
  type PlainContext,
  type Report,
  type Rule,
  type RuleContext,
  type UnitFacts,
} from "./rules/rule.js";
import { applySuppressions } from "./suppressions.js";

/** What all files of one snapshot share: facts are found out once. */
export interface Checker {
  check(file: string): Checked;
}

export interface Checked {
  readonly findings: Finding[];
  readonly errors: InternalError[];
}

type RuleReport = Report & { readonly rule: string; readonly severity: Finding["severity"] };

export function createChecker(snapshot: Snapshot, store: FactsStore = createFactsStore()): Checker {
  const facts = createFacts(snapshot, store);
  const index = createProgramIndex(snapshot, facts);
  let units: readonly UnitFacts[] | undefined;
  const program = () => {
    units ??= snapshot.files.flatMap((file) => {
      const source = snapshot.sourceFile(file);
      return source === undefined ? [] : facts.ofFile(source);
    });
    return units;
  };
  const shared = { snapshot, facts, index, program };
  return {
    check(file) {
      const source = snapshot.sourceFile(file);
      return source === undefined ? { findings: [], errors: [] } : checkFile(source, shared);
    },
  };
}

/** A function that cannot be looked at is reported, and the others are. */
function look(file: ts.SourceFile, facts: Facts, errors: InternalError[]): readonly UnitFacts[] {
  const looked = facts.ofFile(file);
  const { units } = syntaxOf(file);
  if (looked.length === units.length) return looked;
  for (const unit of units) contained(errors, file, undefined, () => facts.of(unit));
  return looked;
}

type Shared = Pick<RuleContext, "snapshot" | "facts" | "index" | "program">;

function checkFile(file: ts.SourceFile, shared: Shared): Checked {
  const errors: InternalError[] = [];
  const { calls } = syntaxOf(file);
  const looked = look(file, shared.facts, errors);
  const context: RuleContext = { ...shared, file, units: looked, calls };
  const typed = rules
    .filter(isTyped)
    .flatMap((rule) => reportsOf(rule, errors, file, () => rule.run(context)));
  const reports = [...typed, ...plainReports(file, errors, guardedBy(looked))];
  return settle(file, withoutRepetition(reports), errors);
}

/** The rules that need no types, on a file that nothing else was asked about. */
export function checkPlain(file: ts.SourceFile): Checked {
  const errors: InternalError[] = [];
  return settle(
    file,
    plainReports(file, errors, () => false),
    errors,
  );
}

function plainReports(
  file: ts.SourceFile,
  errors: InternalError[],
  isGuarded: PlainContext["isGuarded"],
): RuleReport[] {
  const scopes = contained(errors, file, undefined, () => createScopes(file));
  if (scopes === undefined) return [];
  const context: PlainContext = { file, scopes, isGuarded };
  return rules.filter(isPlain).flatMap((rule) => reportsOf(rule, errors, file, () => rule.plain(context)));
}

function reportsOf(
  rule: Rule,
  errors: InternalError[],
  file: ts.SourceFile,
  run: () => Iterable<Report>,
): RuleReport[] {
  const found = contained(errors, file, rule, () => [...run()]);
  return (found ?? []).map((report) => ({ ...report, rule: rule.id, severity: rule.severity }));
}

/** What the file's own comments leave of the reports, in the order of the text. */
function settle(file: ts.SourceFile, reports: readonly RuleReport[], errors: InternalError[]): Checked {
  const { kept, unused } = applySuppressions(file, distinct(reports));
  const findings = kept.map(finding);
  for (const { start, end, message } of unused) {
    findings.push({
      rule: "unused-suppression",
      severity: "warning",
      message,
      file: file.fileName,
      range: rangeOf(file, start, end),
      related: [],
      fixes: [
        {
          title: "Remove this comment",
          safety: "safe",
          edits: [{ file: file.fileName, range: lineRange(file, start, end), newText: "" }],
        },
      ],
    });
  }
  findings.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  return { findings, errors };
}

/** A rule that throws is reported and the others go on. */
function contained<T>(
  errors: InternalError[],
  file: ts.SourceFile,
  rule: Rule | undefined,
  work: () => T,
): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isStackOverflow(error)) return undefined;
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    errors.push({
      file: file.fileName,
      ...(rule && { rule: rule.id }),
      message,
      ...(stack !== undefined && { stack }),
    });
    return undefined;
  }
}

/** A section seen from the function around it and from its own is one. */
function distinct<T extends Report & { readonly rule: string }>(reports: readonly T[]): T[] {
  const seen = new Set<string>();
  return reports.filter((report) => {
    const key = `${report.rule}:${report.node.getSourceFile().fileName}:${report.node.getStart()}`;
    return !seen.has(key) && seen.add(key);
  });
}

function finding(
  report: Report & { readonly rule: string; readonly severity: Finding["severity"] },
): Finding {
  const file = report.node.getSourceFile();
  return {
    rule: report.rule,
    severity: report.severity,
    message: report.message,
    file: file.fileName,
    range: nodeRange(report.node),
    related: (report.related ?? []).map(({ node, message }) => ({
      file: node.getSourceFile().fileName,
      range: nodeRange(node),
      message,
    })),
    fixes: (report.fixes ?? []).flatMap((plan): Fix[] => {
      if (plan === undefined) return [];
      const edits = plan.edits.map((edit) => ({
        file: edit.file.fileName,
        range: rangeOf(edit.file, edit.start, edit.end),
        newText: edit.text,
      }));
      return [{ title: plan.title, safety: plan.safety, edits }];
    }),
  };
}

function nodeRange(node: ts.Node): Range {
  const file = node.getSourceFile();
  // A whole function as a place is its head: nobody wants a screen of squiggles.
  const end = ts.isSourceFile(node)
    ? 0
    : ts.isFunctionLike(node) && "body" in node && node.body
      ? (node.body as ts.Node).getStart()
      : node.getEnd();
  return rangeOf(file, ts.isSourceFile(node) ? 0 : node.getStart(), end);
}

function rangeOf(file: ts.SourceFile, start: number, end: number): Range {
  return { start: file.getLineAndCharacterOfPosition(start), end: file.getLineAndCharacterOfPosition(end) };
}

/** A comment that stands alone goes with its line. */
function lineRange(file: ts.SourceFile, start: number, end: number): Range {
  const from = file.text.lastIndexOf("\n", start - 1) + 1;
  const next = file.text.indexOf("\n", end);
  const alone = file.text.slice(from, start).trim() === "";
  return alone && next >= 0 ? rangeOf(file, from, next + 1) : rangeOf(file, start, end);
}
