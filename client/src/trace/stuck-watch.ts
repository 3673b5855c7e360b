import type { TraceSession } from "./session.js";
import { type StuckReport, stuckReport } from "./stuck-report.js";

/** Looking for cycles costs as much as the wait-for graph is large, so not at every batch. */
const INTERVAL_MS = 200;

/** Calls `tell` once, as soon as the session's tasks are seen to be stuck. */
export function watchForStuckTasks(session: TraceSession, tell: (report: StuckReport) => void): void {
  let timer: NodeJS.Timeout | undefined;
  let checked = -1;
  const check = () => {
    clearTimeout(timer);
    timer = undefined;
    const { graphVersion } = session.store.live;
    if (graphVersion === checked && session.end === undefined) return;
    checked = graphVersion;
    const report = stuckReport(session.store, session.program);
    if (report === undefined) return;
    stop();
    tell(report);
  };
  const later = () => {
    timer ??= setTimeout(check, INTERVAL_MS);
  };
  const last = () => {
    check();
    stop();
  };
  const stop = () => {
    session.off("data", later).off("end", last);
    clearTimeout(timer);
  };
  session.on("data", later).on("end", last);
}
