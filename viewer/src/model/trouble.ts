import {
  type DeadlockReport,
  findDeadlocks,
  type LeakedTask,
  type LiveState,
  type LockState,
  type TaskState,
  waitingTasks,
} from "@lockscope/trace";

/** What can never go on. */
export interface Trouble {
  readonly report: DeadlockReport;
  /** Tasks left waiting when the program ended, whatever for. */
  readonly leaked: readonly LeakedTask[];
  /** The tasks that will certainly never go on, and the locks they wait for. */
  readonly stuck: ReadonlySet<TaskState | LockState>;
}

export const NO_TROUBLE: Trouble = {
  report: { cycles: [], behind: [], truncated: false },
  leaked: [],
  stuck: new Set(),
};

/** @param ended the program has ended, and tasks still wait */
export function troubleOf(live: LiveState, ended: boolean): Trouble {
  const report = findDeadlocks(live, { ended });
  const leaked = ended ? waitingTasks(live) : [];
  return { report, leaked, stuck: stuckOf(report, leaked) };
}

function stuckOf(report: DeadlockReport, leaked: readonly LeakedTask[]): Set<TaskState | LockState> {
  const anyCertain = report.cycles.some(({ certain }) => certain);
  const stuck = new Set<TaskState | LockState>(anyCertain ? report.behind : []);
  const add = (task: TaskState, lock: LockState | undefined) => {
    stuck.add(task);
    if (lock !== undefined) stuck.add(lock);
  };
  for (const { edges, certain } of report.cycles) {
    if (certain) for (const { from, wait } of edges) add(from, wait.lock);
  }
  for (const { task, waits } of leaked) for (const { lock } of waits) add(task, lock);
  return stuck;
}
