import { endText, type SessionInfo } from "@lockscope/trace";
import type { ExportFile } from "../model/exports.js";
import { formatCount, plural } from "../model/format.js";
import type { SessionState } from "../session.js";
import { ExportMenu } from "./export-menu.js";
import { usePage } from "./page.js";
import { SearchBox } from "./search-box.js";

const stateTexts: Record<SessionState, string> = {
  empty: "No trace",
  loading: "Loading",
  live: "Live",
  ended: "Ended",
  stuck: "Ended stuck",
  broken: "Broken off",
};

interface HeaderProps {
  readonly filter: string;
  onFilter(text: string): void;
  onSession(id: string): void;
  onExport(): void;
  onDump(): void;
  /** Undefined: it cannot be stopped. */
  readonly onStop: (() => void) | undefined;
  onSave(file: ExportFile): void;
  /** The timeline as it is shown. */
  picture(): Promise<ArrayBuffer> | undefined;
}

export function Header(props: HeaderProps) {
  const { filter, onFilter, onSession, onExport, onDump, onStop, onSave, picture } = props;
  const { session } = usePage();
  const { state, info, list } = session;
  return (
    <header class="bar">
      <span id="state" class="chip" data-state={state}>
        {stateTexts[state]}
      </span>
      {list.length > 1 && info !== undefined ? (
        <SessionChoice list={list} current={info.id} onSession={onSession} />
      ) : (
        <h1 class="program" title={info?.meta && `${info.meta.script}\nNode ${info.meta.node}`}>
          {info?.name ?? "Lock trace"}
        </h1>
      )}
      {session.loaded !== undefined && <Loading share={session.loaded} onStop={onStop} />}
      {state !== "empty" && <Facts />}
      {state !== "empty" && <SearchBox value={filter} onValue={onFilter} />}
      {info?.canDump === true && (
        <button
          type="button"
          class="button"
          title="Get the events that the program keeps in memory"
          onClick={onDump}
        >
          Get latest events
        </button>
      )}
      {state !== "empty" && (
        <ExportMenu
          onTrace={info?.canExport === true ? onExport : undefined}
          onSave={onSave}
          picture={picture}
        />
      )}
    </header>
  );
}

function Loading({ share, onStop }: { readonly share: number; readonly onStop: (() => void) | undefined }) {
  return (
    <>
      <progress class="loading" aria-label="Loading" value={share} />
      {onStop !== undefined && (
        <button
          type="button"
          id="stop-loading"
          class="button"
          title="Show what has come so far"
          onClick={onStop}
        >
          Stop
        </button>
      )}
    </>
  );
}

function Facts() {
  const { session } = usePage();
  const { store, hostEnd } = session;
  const { live, end } = store;
  const ending = end && endText(end);
  const facts = [
    plural(store.eventCount, "event"),
    ...(session.state === "live" ? [`${formatCount(live.waitingTasks)} waiting`] : []),
    ...(ending === undefined ? [] : [ending]),
    ...(hostEnd?.exitCode === undefined ? [] : [`exit code ${hostEnd.exitCode}`]),
  ];
  return (
    <p class="facts">
      {facts.map((fact) => (
        <span key={fact.replace(/[\d,]+/, "")}>{fact}</span>
      ))}
      {store.dropped > 0 && (
        <span
          class="dropped"
          title="The program wrote events faster than they could be sent. What is shown is right, but not complete."
        >
          {formatCount(store.dropped)} dropped
        </span>
      )}
    </p>
  );
}

function SessionChoice(props: {
  readonly list: readonly SessionInfo[];
  readonly current: string;
  onSession(id: string): void;
}) {
  return (
    <select
      class="program"
      aria-label="Traced program"
      value={props.current}
      onChange={(event) => props.onSession(event.currentTarget.value)}
    >
      {props.list.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
