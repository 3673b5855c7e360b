import { DEFAULT_THRESHOLDS } from "@lockscope/trace";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host } from "../host.js";
import { type Focus, focusText } from "../model/focus.js";
import { locksMatching, parseQuery, tasksMatching } from "../model/query.js";
import { Usage } from "../model/usage.js";
import { Waited } from "../model/waited.js";
import type { Session } from "../session.js";
import { type LaneRow, timelineRows } from "../timeline/rows.js";
import type { Timeline } from "../timeline/timeline.js";
import { TimelineView } from "../timeline/view.js";
import type { TabId, ViewState } from "../view-state.js";
import { Deadlock } from "./deadlock.js";
import { Empty } from "./empty.js";
import { Header } from "./header.js";
import { useChanges } from "./moment.js";
import { type Page, PageProvider } from "./page.js";
import { Splitter } from "./splitter.js";
import { Stopped } from "./stopped.js";
import { TimelinePanel } from "./timeline-panel.js";
import { Views } from "./views.js";

interface AppProps {
  readonly session: Session;
  readonly host: Host;
  readonly initial: ViewState;
  /** Rises whenever there is something new to show. */
  readonly revision: number;
}

export function App({ session, host, initial, revision }: AppProps) {
  const [filter, setFilter] = useState(initial.filter);
  const [tab, setTab] = useState<TabId>(initial.tab);
  const [share, setShare] = useState(initial.share);
  const [ownThresholds, setThresholds] = useState(initial.thresholds);
  const [focus, setFocus] = useState<Focus | undefined>(initial.focus);
  const timeline = useRef<Timeline>(null);
  const [view] = useState(() => restoredView(initial));
  const { store, stopped } = session;
  const { canOpen, opensBeside } = host;
  const id = session.info?.id;
  const shownId = useRef(initial.session);
  const save = () => {
    host.saveState({
      filter,
      tab,
      thresholds: ownThresholds,
      share,
      timeline: view.save(),
      focus,
      session: shownId.current,
    } satisfies ViewState);
  };
  // The timeline outlives this rendering, and must not save what it knew of the filter.
  const latestSave = useRef(save);
  latestSave.current = save;
  const open: Page["open"] = ({ file, line, column }) => host.send({ type: "open", file, line, column });

  const thresholds = ownThresholds ?? session.thresholds ?? DEFAULT_THRESHOLDS;
  // Here, so that what is found is shown at once; nothing new costs nothing.
  session.look(thresholds);
  const goTo = (time: number) => timeline.current?.goTo(time);

  // A range of one program's time means nothing in another's.
  useEffect(() => {
    if (id === undefined || id === shownId.current) return;
    shownId.current = id;
    setFocus(undefined);
    timeline.current?.reset();
  }, [id]);
  const usage = useMemo(() => new Usage(store), [store]);
  const terms = useMemo(() => parseQuery(filter), [filter]);
  const waited = useMemo(() => new Waited(store), [store]);
  useChanges(view, 0);
  // The revision stands for the store's contents.
  useEffect(() => {
    const { now } = session;
    const { stuck } = session.trouble;
    const context = { stuck, usage: () => usage.refresh(), site: (n: number) => store.sites.get(n) };
    const locks = locksMatching(store.live.locks, terms, context);
    const tasks = tasksMatching(store.live.tasks, terms, context);
    timeline.current?.setRows(
      view.order === "seen"
        ? timelineRows(locks, tasks, stuck)
        : timelineRows(waited.locks(locks, now), waited.tasks(tasks, now), stuck),
    );
  }, [revision, terms, view.order]);
  // The editor may name a lock before the page has heard of it.
  const isKnown = focus !== undefined && focusText(focus, store) !== undefined;
  useEffect(() => {
    if (focus !== undefined && focus.type !== "place") timeline.current?.chooseThing(focus.type, focus.id);
  }, [focus, isKnown]);
  useEffect(() => {
    let chosen: LaneRow | undefined;
    return timeline.current?.onChange(() => {
      const row = timeline.current?.laneRow(timeline.current.chosenRow);
      const isSame = row?.type === chosen?.type && row?.id === chosen?.id;
      chosen = row;
      if (!isSame && row !== undefined) setFocus({ type: row.type, id: row.id });
    });
  }, []);
  useEffect(() => {
    const { focus, tab } = session.asked ?? {};
    if (focus !== undefined) setFocus(focus);
    if (tab !== undefined) setTab(tab);
  }, [session.asked]);
  useEffect(() => {
    if (stopped === undefined) return;
    view.cursor.set(undefined);
    setTab("state");
  }, [stopped]);
  // At once: the page may be thrown away before the next frame.
  useLayoutEffect(save, [filter, tab, ownThresholds, share, focus, id]);

  const empty = session.state === "empty";
  const { hostEnd } = session;
  return (
    <PageProvider value={{ session, view, focus, stopped, canOpen, opensBeside, open, setFocus, goTo }}>
      <div class="page">
        <Header
          filter={filter}
          onFilter={setFilter}
          onSession={(id) => host.send({ type: "select-session", id })}
          onExport={() => host.send({ type: "export" })}
          onDump={() => host.send({ type: "dump" })}
          onStop={host.stopLoading}
          onSave={({ name, content }) => host.send({ type: "save", name, content })}
          picture={() => timeline.current?.toPng()}
        />
        {hostEnd?.message !== undefined && (
          <p class="alert warning" id="problem" role="status">
            {hostEnd.message}
          </p>
        )}
        <Stopped />
        <Deadlock />
        {empty && <Empty inEditor={opensBeside} />}
        <main
          class="split"
          hidden={empty}
          ref={(element) => element?.style.setProperty("--share", `${share}%`)}
        >
          <TimelinePanel timeline={timeline} onViewChanged={() => latestSave.current()} />
          <Splitter share={share} onShare={setShare} />
          <Views
            tab={tab}
            onTab={setTab}
            terms={terms}
            usage={usage}
            revision={revision}
            thresholds={thresholds}
            onThresholds={setThresholds}
            onLoad={(id) => host.send({ type: "load", id })}
            onCompareFile={() => host.send({ type: "compare-file" })}
          />
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
