import { type Hold, type LockState, Mode, type StaticFinding, type Wait } from "@lockscope/trace";
import type { FindingsByLock } from "../model/alarms.js";
import { lockStatus, lockStatusText } from "../model/describe.js";
import { plural } from "../model/format.js";
import { LockFindings } from "./lock-findings.js";
import { useMoment } from "./moment.js";
import { LockName, TaskName } from "./names.js";
import { Place } from "./place.js";
import { Since } from "./since.js";
import { WaitForGraph, type WaitForGraphProps } from "./wait-for-graph.js";

/** Locks shown with their holders and queues; the others can be filtered for. */
const MAX_LOCKS = 100;
const MAX_HOLDERS = 6;
const MAX_QUEUE = 12;
const MAX_FREE = 30;

interface StatePanelProps extends WaitForGraphProps {
  readonly locks: readonly LockState[];
  readonly byLock: FindingsByLock;
}

/** The whole state at the cursor: who has each lock, who waits for it in which order, and who for whom. */
export function StatePanel({ locks, byLock, shows }: StatePanelProps) {
  const {
    time,
    trouble: { stuck },
  } = useMoment();
  const busy = locks
    .filter(isBusy)
    .sort((a, b) => Number(stuck.has(b)) - Number(stuck.has(a)) || b.waiters.size - a.waiters.size);
  const free = locks.filter((lock) => !isBusy(lock));
  return (
    <div class="columns">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Locks at this instant">
        {busy.length === 0 ? (
          <p class="note">
            {shows !== undefined && locks.length === 0
              ? "No lock is like that."
              : `${shows === undefined ? "No lock" : "None of these locks"} is held, and nobody waits for one.`}
          </p>
        ) : (
          <table id="state-locks">
            <thead>
              <tr>
                <th scope="col">Lock</th>
                <th scope="col">Held by</th>
                <th scope="col">Waiting, first first</th>
              </tr>
            </thead>
            <tbody>
              {busy.slice(0, MAX_LOCKS).map((lock) => (
                <LockRow
                  key={lock.id}
                  lock={lock}
                  time={time}
                  stuck={stuck.has(lock)}
                  findings={byLock.ofLock.get(lock.id)}
                />
              ))}
            </tbody>
          </table>
        )}
        {busy.length > MAX_LOCKS && (
          <p class="note">{plural(busy.length - MAX_LOCKS, "more lock")} not listed: search by name.</p>
        )}
        {free.length > 0 && <FreeLocks locks={free} />}
      </section>
      <WaitForGraph shows={shows} />
    </div>
  );
}

const isBusy = (lock: LockState) => lock.holders.size > 0 || lock.waiters.size > 0 || lock.amount > 0;

interface LockRowProps {
  readonly lock: LockState;
  readonly time: number;
  readonly stuck: boolean;
  readonly findings: readonly StaticFinding[] | undefined;
}

function LockRow({ lock, time, stuck, findings }: LockRowProps) {
  const holders = [...lock.holders].slice(0, MAX_HOLDERS);
  const queue = [...lock.waiters].slice(0, MAX_QUEUE);
  const status = lockStatus(lock);
  return (
    <tr
      data-lock={lock.name}
      data-state={status}
      data-holder={holders[0]?.task.name}
      data-waiters={lock.waiters.size}
      data-stuck={stuck}
    >
      <th scope="row">
        <LockName lock={lock} kind />
        <LockFindings findings={findings} />
      </th>
      <td>
        {status !== "held" && (
          <p class="mark" data-mark={status === "free" ? "free" : "held"}>
            {lockStatusText(lock)}
          </p>
        )}
        <ul>
          {holders.map((hold) => (
            <li key={`${hold.task.id} ${hold.since}`}>
              <Holder hold={hold} time={time} />
            </li>
          ))}
        </ul>
        <More count={lock.holders.size - holders.length} />
      </td>
      <td>
        <ol>
          {queue.map((wait) => (
            <li key={`${wait.task.id} ${wait.since} ${wait.mode}`}>
              <Waiter wait={wait} time={time} />
            </li>
          ))}
        </ol>
        <More count={lock.waiters.size - queue.length} />
      </td>
    </tr>
  );
}

function Holder({ hold, time }: { readonly hold: Hold; readonly time: number }) {
  return (
    <>
      <TaskName task={hold.task} />
      {hold.count > 1 && ` ×${hold.count}`} <Since since={hold.since} time={time} />{" "}
      <Place site={hold.site} label={`${hold.lock.name} was taken at`} />
    </>
  );
}

function Waiter({ wait, time }: { readonly wait: Wait; readonly time: number }) {
  const what = waitWords[wait.mode];
  return (
    <>
      <TaskName task={wait.task} />
      {what !== undefined && <span class="dim"> {what}</span>} <Since since={wait.since} time={time} />{" "}
      <Place site={wait.site} label={`${wait.task.name} waits at`} />
    </>
  );
}

/** What a waiter is after, where that is not the lock for itself alone. */
const waitWords: Partial<Record<Mode, string>> = {
  [Mode.shared]: "to read",
  [Mode.send]: "to send",
  [Mode.receive]: "to receive",
  [Mode.selectSend]: "to send (select)",
  [Mode.selectReceive]: "to receive (select)",
};

function More({ count }: { readonly count: number }) {
  return count > 0 ? <p class="dim">and {plural(count, "more", "more")}</p> : null;
}

function FreeLocks({ locks }: { readonly locks: readonly LockState[] }) {
  const more = locks.length - MAX_FREE;
  return (
    <p class="note" id="free-locks">
      Free:{" "}
      {locks.slice(0, MAX_FREE).map((lock, index) => (
        <span key={lock.id}>
          {index > 0 && ", "}
          <LockName lock={lock} />
        </span>
      ))}
      {more > 0 && ` and ${plural(more, "more", "more")}`}
    </p>
  );
}
