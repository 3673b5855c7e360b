import ts from "typescript";
import type { Hold } from "../facts/state.js";
import { methodFor } from "../model/index.js";
import type { Callee, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { Edit, FixPlan, RuleContext } from "../rules/rule.js";
import { indentLines, indentOf, indentUnit, lineStart, newLine, removal } from "./layout.js";
import { type Repair, type Section, sectionOf } from "./section.js";
import { statementOf } from "./statements.js";

/** `lock(); …; unlock();` → `lock(); try { … } finally { unlock(); }`. */
export function tryFinally(repair: Repair): FixPlan | undefined {
  const { hold, context } = repair;
  // How many permits come back is for the author to say.
  if (hold.mode === "permit" && hold.site.arguments?.length) return undefined;
  const guard = guardVariable(hold.site, context);
  const token = guard === undefined ? boundStatement(hold.site) : undefined;
  const taking = guard?.statement ?? token ?? statementOf(hold.site);
  // A token goes back with the release that the author wrote.
  const release = guard ? guard.release : token ? releaseWritten(repair) : releaseText(hold, context);
  const section = taking && release && sectionOf(taking, repair, guard?.name);
  if (!section || !startsOnOwnLine(section)) return undefined;
  const [only] = section.body;
  const { file, indent, unit: level, eol } = layoutOf(section);
  const finallyBlock = ` finally {${eol}${indent}${level}${release};${eol}${indent}}`;
  const removals = section.releases.map(removal);
  if (section.body.length === 1 && only && ts.isTryStatement(only) && only.finallyBlock === undefined) {
    return plan("Release it in a finally", section, [
      { file, start: only.getEnd(), end: only.getEnd(), text: finallyBlock },
      ...removals,
    ]);
  }
  return plan("Wrap in try/finally", section, [
    ...wrapped(section, `${eol}${indent}try {`, `${eol}${indent}}${finallyBlock}`),
    ...removals,
  ]);
}

/** `await mu.lock(); …; mu.unlock();` → `using guard = await mu.acquire(); …`. */
export function guardInstead(repair: Repair): FixPlan | undefined {
  const { hold, unit, context } = repair;
  if (/\.[cm]?jsx?$/.test(context.file.fileName)) return undefined;
  const callee = context.snapshot.calleeOf(hold.site);
  const guard = guardVariable(hold.site, context);
  if (guard !== undefined) {
    const holds = isDisposable(callee) && guard.release.endsWith(".release()");
    return holds ? declareUsing(guard) : undefined;
  }
  const name = bare(hold.site.expression);
  const taking = statementOf(hold.site);
  if (callee.kind !== "method" || taking === undefined || !ts.isPropertyAccessExpression(name))
    return undefined;
  // A lock that the thread is blocked for stands where nothing is awaited.
  if (callee.operation.op === "try-acquire") return undefined;
  const method = methodFor(
    callee.model,
    (operation) =>
      operation.op === "acquire" && operation.mode === hold.mode && operation.disposable === true,
  );
  const section = method && sectionOf(taking, repair, undefined);
  if (!section || !startsOnOwnLine(section) || ts.isCaseOrDefaultClause(taking.parent)) return undefined;
  const file = context.file;
  const { indent, eol } = layoutOf(section);
  const request = `using ${freeName(unit)} = await `;
  const edits: Edit[] = [
    { file, start: taking.getStart(), end: hold.site.getStart(), text: request },
    { file, start: name.name.getStart(), end: name.name.getEnd(), text: method },
    ...section.releases.map(removal),
  ];
  if (section.after.length === 0) return plan("Hold it by `using`", section, edits);
  // The lock was given back before the block ended: it still is.
  const [taken, ...others] = edits;
  if (taken === undefined) return undefined;
  const opened = { ...taken, text: `{${eol}${indent}${indentUnit(file)}${taken.text}` };
  return plan("Hold it by `using`", section, [
    opened,
    ...others,
    ...wrapped(section, "", `${eol}${indent}}`),
  ]);
}

interface GuardVariable {
  readonly statement: ts.VariableStatement;
  readonly name: string;
  /** The call that gives it back. */
  readonly release: string;
}

/** `const token = await sema.acquire();` */
function boundStatement(site: ts.CallExpression): ts.VariableStatement | undefined {
  const declaration = ts.isAwaitExpression(site.parent) ? site.parent.parent : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const statement = declaration.parent.parent;
  const alone = ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1;
  return alone ? statement : undefined;
}

function releaseWritten({ releases }: Repair): string | undefined {
  const [first] = releases;
  return first !== undefined && statementOf(first) !== undefined ? first.getText() : undefined;
}

/** `const guard = await mu.acquire();`, `const [value, release] = await semaphore.acquire();` */
function guardVariable(site: ts.CallExpression, { snapshot }: RuleContext): GuardVariable | undefined {
  const statement = boundStatement(site);
  const declaration = statement?.declarationList.declarations[0];
  const callee = snapshot.calleeOf(site);
  const isPlain =
    callee.kind === "method" && callee.operation.op === "acquire" && callee.operation.form === "plain";
  if (declaration === undefined || isPlain) return undefined;
  const name = guardName(declaration.name, callee);
  const model = name && snapshot.primitiveOf(name)?.model;
  if (
    statement === undefined ||
    name === undefined ||
    (ts.isArrayBindingPattern(declaration.name) && model?.kind !== "guard")
  )
    return undefined;
  // A releaser is called; what is not typed as a guard is one by the name of its type alone.
  const isCalled = model === undefined ? isCallable(site, snapshot) : model.call !== undefined;
  return { statement, name: name.text, release: isCalled ? `${name.text}()` : `${name.text}.release()` };
}

function guardName(name: ts.BindingName, callee: Callee): ts.Identifier | undefined {
  const element =
    callee.kind === "method" && callee.operation.op === "acquire" ? callee.operation.element : undefined;
  if (element === undefined) return ts.isIdentifier(name) ? name : undefined;
  const part = ts.isArrayBindingPattern(name) ? name.elements[element] : undefined;
  return part !== undefined && ts.isBindingElement(part) && ts.isIdentifier(part.name)
    ? part.name
    : undefined;
}

/** The lock gives out functions rather than guards. */
function isCallable(site: ts.CallExpression, snapshot: Snapshot): boolean {
  return !isDisposable(snapshot.calleeOf(site));
}

function isDisposable(callee: Callee): boolean {
  // A function of the program that hands on a guard: by its type it is one that `using` can hold.
  if (callee.kind !== "method") return callee.kind === "body";
  return callee.operation.op === "acquire" && callee.operation.disposable === true;
}

function declareUsing({ statement }: GuardVariable): FixPlan | undefined {
  const list = statement.declarationList;
  if (!(list.flags & ts.NodeFlags.Const) || ts.isCaseOrDefaultClause(statement.parent)) return undefined;
  const start = list.getStart();
  return {
    title: "Hold it by `using`",
    safety: "safe",
    edits: [{ file: statement.getSourceFile(), start, end: start + "const".length, text: "using" }],
  };
}

function releaseText(hold: Hold, context: RuleContext): string | undefined {
  const callee = context.snapshot.calleeOf(hold.site);
  if (callee.kind !== "method" || callee.operation.op !== "acquire" || callee.operation.form === "section")
    return undefined;
  // Through `rw.rLocker()` the release has the same name as the write side's.
  const { mode } = callee.operation;
  const method = methodFor(
    callee.model,
    (operation) => operation.op === "release" && operation.mode === mode,
  );
  return method && `${callee.receiver.getText()}.${method}()`;
}

function layoutOf({ taking }: Section) {
  const file = taking.getSourceFile();
  return { file, indent: indentOf(taking), unit: indentUnit(file), eol: newLine(file) };
}

/** Puts `before` behind the lock call and `after` behind the body, and indents what is between. */
function wrapped(section: Section, before: string, after: string): Edit[] {
  const { file } = layoutOf(section);
  const last = section.body.at(-1);
  if (last === undefined) return [];
  const start = endOfLine(file, section.taking.getEnd());
  const end = endOfLine(file, last.getEnd());
  return [
    { file, start, end: start, text: before },
    ...indentLines(file, start + 1, end),
    { file, start: end, end, text: after },
  ];
}

/** Where the line ends, a comment behind the statement included. */
function endOfLine(file: ts.SourceFile, position: number): number {
  const end = file.text.indexOf("\n", position);
  const line = end < 0 ? file.text.length : end;
  return file.text[line - 1] === "\r" ? line - 1 : line;
}

/** Statements that share a line are left to their author. */
function startsOnOwnLine({ taking, body, releases }: Section): boolean {
  const { text } = taking.getSourceFile();
  return [taking, ...body, ...releases].every((statement) => {
    const start = statement.getStart();
    return text.slice(lineStart(text, start), start).trim() === "";
  });
}

function freeName(unit: ts.Node): string {
  const text = unit.getText();
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? "guard" : `guard${n}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}

/** Edits inside a removed line would bring parts of it back. */
function plan(title: string, section: Section, edits: readonly Edit[]): FixPlan {
  const removed = edits.filter((edit) => edit.text === "" && edit.end > edit.start);
  const kept = edits.filter(
    (edit) =>
      removed.includes(edit) || !removed.some((gone) => gone.start <= edit.start && edit.end < gone.end),
  );
  return { title, safety: section.grown ? "unsafe" : "safe", edits: kept };
}
