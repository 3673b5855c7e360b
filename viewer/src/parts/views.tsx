import type { Thresholds, WaitEdge } from "@lockscope/trace";
import { useMemo } from "preact/hooks";
import { findingsByLock } from "../model/alarms.js";
import { locksMatching, type QueryContext, type Term, tasksMatching } from "../model/query.js";
import type { Usage } from "../model/usage.js";
import type { TabId } from "../view-state.js";
import { AlarmsPanel } from "./alarms-panel.js";
import { ComparePanel } from "./compare-panel.js";
import { EventsPanel } from "./events-panel.js";
import { GraphsPanel } from "./graphs-panel.js";
import { LockTable } from "./lock-table.js";
import { MomentProvider, useChanges } from "./moment.js";
import { usePaced } from "./paced.js";
import { usePage } from "./page.js";
import { StatePanel } from "./state-panel.js";
import { StatisticsPanel } from "./statistics-panel.js";
import { Tabs } from "./tabs.js";
import { TaskTable } from "./task-table.js";
import { Where } from "./where.js";

/** While one scrubs, the state is rebuilt at most this often. */
const SCRUB_MS = 60;

interface ViewsProps {
  readonly tab: TabId;
  readonly terms: readonly Term[];
  readonly usage: Usage;
  /** Rises whenever there is something new to show. */
  readonly revision: number;
  readonly thresholds: Thresholds;
  onTab(tab: TabId): void;
  onThresholds(thresholds: Thresholds): void;
  /** Fetches a session, or a file that the user chooses, to be compared. */
  onLoad(id: string): void;
  onCompareFile(): void;
}

/** What stands below the timeline: one view of the trace at a time. */
export function Views(props: ViewsProps) {
  const { tab, terms, usage, revision } = props;
  const { session, view } = usePage();
  useChanges(view.cursor, SCRUB_MS);
  const { store } = session;
  const moment = session.moment(view.cursor.time);
  const { live, trouble } = moment;
  const context: QueryContext = {
    stuck: trouble.stuck,
    usage: () => usage.refresh(),
    site: (number) => store.sites.get(number),
  };
  const locks = useMemo(() => locksMatching(live.locks, terms, context), [live, terms, revision]);
  // Of the whole trace, whatever instant is looked at.
  const allLocks = useMemo(() => {
    return live === store.live ? locks : locksMatching(store.live.locks, terms, context);
  }, [locks, store, terms, revision]);
  const tasks = useMemo(() => tasksMatching(live.tasks, terms, context), [live, terms, revision]);
  const allTasks = useMemo(() => {
    return live === store.live ? tasks : tasksMatching(store.live.tasks, terms, context);
  }, [tasks, store, terms, revision]);
  const filtered = terms.length > 0;
  const shows = useMemo(
    () => (filtered ? isBetween(new Set<unknown>([...locks, ...tasks])) : undefined),
    [filtered, locks, tasks],
  );
  const { findings } = session;
  // Without findings there is nothing to look for, however long the trace grows.
  const evidence = useMemo(() => ({}), [store, findings, findings.length > 0 && store.eventCount]);
  const byLock = usePaced(evidence, () =>
    findingsByLock(store, findings.length === 0 ? usage : usage.refresh(), findings),
  );
  return (
    <MomentProvider value={moment}>
      <Tabs
        current={tab}
        counts={{ locks: locks.length, tasks: tasks.length, alarms: session.alarms.length }}
        onTab={props.onTab}
        aside={<Where />}
      >
        {tab === "state" && <StatePanel locks={locks} byLock={byLock} shows={shows} />}
        {tab === "locks" && <LockTable locks={locks} filtered={filtered} byLock={byLock} />}
        {tab === "tasks" && <TaskTable tasks={tasks} filtered={filtered} />}
        {tab === "events" && <EventsPanel terms={terms} context={context} />}
        {tab === "statistics" && <StatisticsPanel locks={allLocks} tasks={allTasks} />}
        {tab === "graphs" && <GraphsPanel locks={allLocks} shows={shows} />}
        {tab === "alarms" && (
          <AlarmsPanel byLock={byLock} thresholds={props.thresholds} onThresholds={props.onThresholds} />
        )}
        {tab === "compare" && (
          <ComparePanel
            locks={allLocks}
            filtered={filtered}
            onLoad={props.onLoad}
            onFile={props.onCompareFile}
          />
        )}
      </Tabs>
    </MomentProvider>
  );
}

/** Whether a wait has to do with one of these tasks and locks. */
const isBetween =
  (things: ReadonlySet<unknown>) =>
  ({ from, to, wait }: WaitEdge): boolean =>
    things.has(wait.lock) || things.has(from) || things.has(to);
