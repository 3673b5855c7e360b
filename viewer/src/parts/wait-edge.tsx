import { Mode, type WaitEdge } from "@lockscope/trace";
import { callersOf } from "../model/callers.js";
import { waitVerb } from "../model/describe.js";
import { formatInstant } from "../model/format.js";
import { LockName, TaskName } from "./names.js";
import { usePage } from "./page.js";
import { Place } from "./place.js";

/** "A waits for Mutex m at x.ts:3; B has held it since 1.2 ms, locked at y.ts:7". */
export function WaitEdgeText({ edge }: { readonly edge: WaitEdge }) {
  const { from, to, wait, stopped, hold, behind } = edge;
  const self = from === to;
  if (stopped) {
    return (
      <>
        <TaskName task={from} /> cannot run: its thread is stopped by <TaskName task={to} />, which{" "}
        {waitVerb(wait.mode)} {wait.lock !== undefined && <LockName lock={wait.lock} kind />}
        <At site={wait.site} label="where the thread was stopped" />
      </>
    );
  }
  return (
    <>
      <TaskName task={from} /> {waitVerb(wait.mode)}{" "}
      {wait.lock === undefined ? <TaskName task={to} /> : <LockName lock={wait.lock} kind />}
      <At site={wait.site} label="where it waits" />
      {hold !== undefined && (
        <>
          ;{" "}
          {self ? (
            "it holds that itself"
          ) : (
            <>
              <TaskName task={to} /> {hold.mode === Mode.shared ? "has read it" : "has held it"}
            </>
          )}{" "}
          <span class="nowrap">since {formatInstant(hold.since)}</span>
          <At site={hold.site} label="where it was locked" before=", locked at " />
        </>
      )}
      {behind !== undefined && (
        <>
          , behind <TaskName task={to} />, which waits to write
          <At site={behind.site} label="where the writer waits" />
        </>
      )}
    </>
  );
}

interface AtProps {
  readonly site: number;
  readonly label: string;
  readonly before?: string;
}

/** What fits in a sentence; the title of the place has all. */
const MAX_CALLERS = 2;

/** A place after a sentence's words, and the calls that led there; nothing if it is unknown. */
export function At({ site, label, before = " at " }: AtProps) {
  const { session } = usePage();
  const { sites } = session.store;
  if (sites.get(site) === undefined) return null;
  return (
    <>
      {before}
      <Place site={site} label={label} />
      {callersOf(sites, site, MAX_CALLERS).map((caller) => (
        <span key={caller} class="dim">
          {" ← "}
          <Place site={caller} label="called from" />
        </span>
      ))}
    </>
  );
}
