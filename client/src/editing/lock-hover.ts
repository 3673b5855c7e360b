import {
  formatDuration,
  type LockState,
  lockTypeOf,
  longestWait,
  placeText,
  plural,
  printable,
  type TraceStore,
} from "@lockscope/trace";
import * as vscode from "vscode";
import { OwnCommand, SECTION } from "../names.js";
import { findingsOf } from "../view/findings.js";
import type { Place } from "../view/open-place.js";
import { keyOf } from "./line-counts.js";
import { type TracedDocuments, tracedName } from "./traced-documents.js";

const MAX_LOCKS = 3;
const MAX_QUEUE = 5;
const MAX_FINDINGS = 3;

/** Over a variable that holds a lock: who has it, who waits, its totals; and what the analysis says of its uses. */
export class LockHover implements vscode.HoverProvider {
  constructor(private readonly traced: TracedDocuments) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { session } = this.traced;
    const range = document.getWordRangeAtPosition(position, /[\p{ID_Start}$_#][\p{ID_Continue}$]*/u);
    if (session === undefined || range === undefined) return undefined;
    const locks = await this.#locksOf(document.uri, position);
    if (locks.length === 0) return undefined;
    const text = new vscode.MarkdownString("", true);
    text.isTrusted = { enabledCommands: [OwnCommand.goTo] };
    for (const lock of locks.slice(0, MAX_LOCKS)) describe(text, session.store, lock, this.traced.now);
    if (locks.length > MAX_LOCKS)
      text.appendMarkdown(`\n\n${plural(locks.length - MAX_LOCKS, "more lock")} made here`);
    await addFindings(text, document.uri, position);
    return new vscode.Hover(text, range);
  }

  /** The locks that were made where the variable is declared, or else where it is given its value. */
  async #locksOf(uri: vscode.Uri, position: vscode.Position): Promise<LockState[]> {
    const declared = await this.#madeAt(await definitionsOf(uri, position));
    return declared.length > 0 ? declared : this.#madeAt(await referencesTo(uri, position));
  }

  /** Those in use first. */
  async #madeAt(places: readonly vscode.Location[]): Promise<LockState[]> {
    const { session } = this.traced;
    if (session === undefined) return [];
    const { live, sites } = session.store;
    const found = new Set<LockState>();
    for (const { uri, range } of places) {
      const file = keyOf(await tracedName(uri));
      for (const lock of live.locks) {
        const birth = sites.get(lock.site);
        if (birth === undefined || keyOf(birth.file) !== file) continue;
        const line = this.traced.lineNow(uri, birth.line - 1);
        if (line !== undefined && line >= range.start.line && line <= range.end.line) found.add(lock);
      }
    }
    return [...found].sort((a, b) => b.waiters.size - a.waiters.size || b.uses - a.uses);
  }
}

async function definitionsOf(uri: vscode.Uri, position: vscode.Position): Promise<vscode.Location[]> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    "vscode.executeDefinitionProvider",
    uri,
    position,
  );
  return found.map((one) =>
    "targetUri" in one
      ? new vscode.Location(one.targetUri, one.targetSelectionRange ?? one.targetRange)
      : one,
  );
}

async function referencesTo(uri: vscode.Uri, position: vscode.Position): Promise<vscode.Location[]> {
  return vscode.commands.executeCommand<vscode.Location[]>("vscode.executeReferenceProvider", uri, position);
}

function describe(text: vscode.MarkdownString, store: TraceStore, lock: LockState, now: number): void {
  const line = (markdown: string) => text.appendMarkdown(`${markdown}\n\n`);
  line(`$(lock) **${escaped(lock.name)}** · ${escaped(lockTypeOf(lock))}`);
  for (const { task, since, site } of first(lock.holders, MAX_QUEUE)) {
    line(`held by ${escaped(task.name)} for ${formatDuration(now - since)}${link(store.sites.get(site))}`);
  }
  if (lock.holders.size === 0 && lock.waiters.size === 0) line("free");
  let place = 0;
  for (const { task, since, site } of first(lock.waiters, MAX_QUEUE)) {
    const waited = formatDuration(now - since);
    line(`${++place}. ${escaped(task.name)} has waited ${waited}${link(store.sites.get(site))}`);
  }
  if (lock.waiters.size > MAX_QUEUE) line(`and ${lock.waiters.size - MAX_QUEUE} more`);
  const longest = longestWait(lock, now);
  const waits = lock.contentions === 0 ? "none with a wait" : `${lock.contentions} with a wait`;
  line(
    `${plural(lock.uses, "use")}, ${waits}` +
      `${longest > 0 ? `, longest wait ${formatDuration(longest)}` : ""}` +
      `${lock.maxHold > 0 ? `, longest hold ${formatDuration(lock.maxHold)}` : ""}`,
  );
}

/** What the analysis has found at the places where this variable is used. */
async function addFindings(
  text: vscode.MarkdownString,
  uri: vscode.Uri,
  position: vscode.Position,
): Promise<void> {
  const concerned = vscode.languages
    .getDiagnostics()
    .some(([, found]) => found.some(({ source }) => source?.toLowerCase() === SECTION));
  if (!concerned) return;
  const lines = new Map<string, { readonly uri: vscode.Uri; readonly lines: Set<number> }>();
  for (const { uri: file, range } of await referencesTo(uri, position)) {
    const known = lines.get(file.toString()) ?? { uri: file, lines: new Set<number>() };
    lines.set(file.toString(), known);
    known.lines.add(range.start.line + 1);
  }
  const findings = [...lines.values()].flatMap((used) =>
    findingsOf(used.uri).filter(({ line }) => used.lines.has(line)),
  );
  for (const { file, line, rule, message } of findings.slice(0, MAX_FINDINGS)) {
    const where = link({ file, line, column: 0 });
    text.appendMarkdown(`$(warning) ${escaped(message)} (${escaped(rule)})${where}\n\n`);
  }
}

function link(place: Place | undefined): string {
  if (place === undefined) return "";
  const { file, line, column } = place;
  const argument = encodeURIComponent(JSON.stringify([{ file, line, column }]));
  return ` at [${escaped(placeText(place))}](command:${OwnCommand.goTo}?${argument})`;
}

function* first<T>(all: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  for (const one of all) {
    if (left-- === 0) return;
    yield one;
  }
}

/** Names come from the program: they are text, never markup, and on one line. */
const escaped = (text: string): string =>
  printable(text.slice(0, 200)).replace(/[\\`*_{}[\]()#+\-.!<>|~&$:@]/g, "\\$&");
