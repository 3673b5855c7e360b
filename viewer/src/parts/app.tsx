import type { LockState, Site, TaskState } from "@lockscope/trace";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Host } from "../host.js";
import { lockText } from "../model/describe.js";
import { matching } from "../model/rows.js";
import type { Session, Trouble } from "../session.js";
import { timelineRows } from "../timeline/rows.js";
import type { Timeline } from "../timeline/timeline.js";
import { TimelineView } from "../timeline/view.js";
import type { ViewState } from "../view-state.js";
import { Deadlock } from "./deadlock.js";
import { Empty } from "./empty.js";
import { Header } from "./header.js";
import { LockTable } from "./lock-table.js";
import { PageProvider } from "./page.js";
import { Splitter } from "./splitter.js";
import { TaskTable } from "./task-table.js";
import { TimelinePanel } from "./timeline-panel.js";

interface AppProps {
  readonly session: Session;
  readonly host: Host;
  readonly initial: ViewState;
  /** Rises whenever there is something new to show. */
  readonly revision: number;
}

export function App({ session, host, initial, revision }: AppProps) {
  const [filter, setFilter] = useState(initial.filter);
  const [share, setShare] = useState(initial.share);
  const timeline = useRef<Timeline>(null);
  const [view] = useState(() => restoredView(initial));
  const stuck = stuckOf(session.trouble);
  const id = session.info?.id;
  const shownId = useRef(initial.session);
  const save = () => {
    host.saveState({
      filter,
      share,
      timeline: view.save(),
      session: shownId.current,
    } satisfies ViewState);
  };
  // The timeline outlives this rendering, and must not save what it knew of the filter.
  const latestSave = useRef(save);
  latestSave.current = save;
  const open = ({ file, line, column }: Site) => host.send({ type: "open", file, line, column });

  // A range of one program's time means nothing in another's.
  useEffect(() => {
    if (id === undefined || id === shownId.current) return;
    shownId.current = id;
    timeline.current?.reset();
  }, [id]);
  // The revision stands for the store's contents.
  useEffect(() => {
    const { locks, tasks } = session.store.live;
    timeline.current?.setRows(
      timelineRows(matching(locks, filter, lockText), matching(tasks, filter, nameOf), stuck),
    );
  }, [revision, filter]);
  // At once: the page may be thrown away before the next frame.
  useLayoutEffect(save, [filter, share, id]);

  const empty = session.state === "empty";
  const { hostEnd } = session;
  return (
    <PageProvider value={{ session, view, canOpen: host.canOpen, open }}>
      <div class="page">
        <Header
          filter={filter}
          onFilter={setFilter}
          onSession={(id) => host.send({ type: "select-session", id })}
          onExport={() => host.send({ type: "export" })}
        />
        {hostEnd?.message !== undefined && (
          <p class="alert warning" id="problem" role="status">
            {hostEnd.message}
          </p>
        )}
        <Deadlock />
        {empty && <Empty inEditor={host.canOpen} />}
        <main
          class="split"
          hidden={empty}
          ref={(element) => element?.style.setProperty("--share", `${share}%`)}
        >
          <TimelinePanel timeline={timeline} onViewChanged={() => latestSave.current()} />
          <Splitter share={share} onShare={setShare} />
          <div class="tables">
            <LockTable filter={filter} stuck={stuck} />
            <TaskTable filter={filter} stuck={stuck} />
          </div>
        </main>
      </div>
    </PageProvider>
  );
}

function restoredView({ timeline }: ViewState): TimelineView {
  const view = new TimelineView();
  view.restore(timeline);
  return view;
}

const nameOf = (task: TaskState) => task.name;

/** The tasks that will never go on, and the locks they wait for. */
function stuckOf({ report, leaked }: Trouble): Set<TaskState | LockState> {
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
