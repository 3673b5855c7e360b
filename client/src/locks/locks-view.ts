import { endText, printable, type SessionEnd } from "@lockscope/trace";
import * as vscode from "vscode";
import {
  idOf,
  type LockBreakpoint,
  type LockBreakpoints,
  lockBreakpointText,
} from "../debug/lock-breakpoints.js";
import type { StoppedPrograms } from "../debug/stopped-programs.js";
import { ContextKey, LOCKS_VIEW, OwnCommand } from "../names.js";
import { presentOf } from "../trace/present.js";
import type { TraceSession } from "../trace/session.js";
import { Throttle } from "../trace/throttle.js";
import type { SessionInFocus } from "../view/session-in-focus.js";
import type { LockNode, Tone } from "./lock-node.js";
import { lockNodes } from "./lock-nodes.js";

/** So often the tree is drawn anew while the program runs: it is to be read. */
const INTERVAL_MS = 500;

type Node = LockNode | BreakpointNode;

interface BreakpointNode {
  readonly kind: "breakpoint";
  readonly id: string;
  readonly breakpoint: LockBreakpoint;
}

/**
 * The tree of locks in the Run and Debug side bar: of the session in focus, kept up to date while it is in view.
 * Its elements are the nodes' ids: what the editor asks late about an earlier state it then asks of the present one.
 */
export class LocksView implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<string>;
  readonly #throttle = new Throttle(INTERVAL_MS, () => this.#refresh());
  readonly #subscriptions: vscode.Disposable[];
  #session: TraceSession | undefined;
  /** Those that the editor has been told of, by id, and those before them: it may ask late. */
  #nodes = new Map<string, Node>();
  #before = new Map<string, Node>();

  constructor(
    private readonly focus: SessionInFocus,
    private readonly stops: StoppedPrograms,
    private readonly breakpoints: LockBreakpoints,
  ) {
    this.#view = vscode.window.createTreeView(LOCKS_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(this.#throttle.ask),
      this.#view.onDidChangeCheckboxState(({ items }) => {
        for (const [id, state] of items) {
          const node = this.find(id);
          const enabled = state === vscode.TreeItemCheckboxState.Checked;
          if (node?.kind === "breakpoint") breakpoints.enable(idOf(node.breakpoint), enabled);
        }
      }),
      stops.onDidChange(this.#throttle.ask),
    ];
    focus.on("change", this.#follow);
    breakpoints.on("change", this.#breakpointsChanged);
    this.#follow();
    this.#breakpointsChanged();
  }

  /** What an element of the tree stands for. */
  find(id: string): Node | undefined {
    return this.#nodes.get(id) ?? this.#before.get(id);
  }

  getChildren(id?: string): string[] {
    if (id === undefined) {
      this.#before = this.#nodes;
      this.#nodes = new Map();
      return this.#known([...this.#lockNodes(), ...this.breakpoints.all.map(breakpointNode)]);
    }
    const node = this.find(id);
    return node === undefined || node.kind === "breakpoint" ? [] : this.#known(node.children?.() ?? []);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const node = this.find(id);
    if (node === undefined) return new vscode.TreeItem(""); // gone long since: the tree is about to be drawn anew
    return node.kind === "breakpoint" ? breakpointItem(node) : lockItem(node);
  }

  dispose(): void {
    this.focus.off("change", this.#follow);
    this.breakpoints.off("change", this.#breakpointsChanged);
    this.#session?.off("data", this.#throttle.ask).off("end", this.#throttle.ask);
    this.#throttle.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  readonly #follow = (): void => {
    this.#session?.off("data", this.#throttle.ask).off("end", this.#throttle.ask);
    this.#session = this.focus.session;
    this.#session?.on("data", this.#throttle.ask).on("end", this.#throttle.ask);
    setContext(ContextKey.hasTrace, this.#session !== undefined);
    this.#throttle.ask();
  };

  readonly #breakpointsChanged = (): void => {
    setContext(ContextKey.hasLockBreakpoints, this.breakpoints.all.length > 0);
    this.#changed.fire(undefined);
  };

  #known(nodes: readonly Node[]): string[] {
    for (const node of nodes) this.#nodes.set(node.id, node);
    return nodes.map(({ id }) => id);
  }

  #lockNodes(): LockNode[] {
    const session = this.#session;
    if (session === undefined) return [];
    const stop = this.stops.of(session);
    return lockNodes(session, { now: presentOf(session, stop?.at), stoppedTask: stop?.task });
  }

  #refresh(): void {
    if (!this.#view.visible) return;
    const session = this.#session;
    const stop = session && this.stops.of(session);
    this.#view.description =
      session === undefined ? "" : `${session.info.name}, ${stateText(session, stop?.reason)}`;
    this.#changed.fire(undefined);
    // Waits grow longer without any event.
    if (session !== undefined && session.end === undefined && stop === undefined) this.#throttle.ask();
  }
}

function lockItem(node: LockNode): vscode.TreeItem {
  const { id, label, description, icon, tone = "calm", kind, children, open, place } = node;
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    printable(label),
    children === undefined ? None : open ? Expanded : Collapsed,
  );
  item.id = id;
  item.description = printable(description);
  item.iconPath = new vscode.ThemeIcon(icon, colors[tone]);
  item.contextValue = kind;
  item.tooltip = `${item.label}\n${item.description}`;
  if (place !== undefined) {
    item.command = { command: OwnCommand.goTo, title: "Go to Source", arguments: [place] };
  }
  return item;
}

const breakpointNode = (breakpoint: LockBreakpoint): BreakpointNode => ({
  kind: "breakpoint",
  id: `breakpoint:${idOf(breakpoint)}`,
  breakpoint,
});

function breakpointItem({ id, breakpoint }: BreakpointNode): vscode.TreeItem {
  const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
  const item = new vscode.TreeItem(`Stop when ${lockBreakpointText(breakpoint)}`);
  item.id = id;
  item.iconPath = new vscode.ThemeIcon("debug-breakpoint-conditional");
  item.contextValue = "breakpoint";
  item.checkboxState = breakpoint.enabled ? Checked : Unchecked;
  return item;
}

const colors: Record<Tone, vscode.ThemeColor | undefined> = {
  error: new vscode.ThemeColor("errorForeground"),
  warning: new vscode.ThemeColor("charts.yellow"),
  stopped: new vscode.ThemeColor("debugIcon.breakpointCurrentStackframeForeground"),
  calm: undefined,
};

function stateText({ end, store }: TraceSession, stopReason: string | undefined): string {
  if (end !== undefined) return (store.end && endText(store.end)) ?? endNames[end.reason];
  return stopReason === undefined ? "live" : `stopped (${stopReason})`;
}

const endNames: Record<SessionEnd, string> = {
  exited: "ended",
  stuck: "stuck",
  broken: "broken off",
  malformed: "damaged",
  dumped: "its last events",
};

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
