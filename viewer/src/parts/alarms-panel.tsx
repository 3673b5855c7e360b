import type { Alarm, StaticFinding, Thresholds } from "@lockscope/trace";
import { useMemo } from "preact/hooks";
import { alarmSentence, alarmTitles, type FindingsByLock, ranked } from "../model/alarms.js";
import { lockFocus, taskFocus } from "../model/focus.js";
import { formatPlace, plural } from "../model/format.js";
import { isDuration } from "../view-state.js";
import { InstantLink } from "./instant-link.js";
import { LockName, TaskName } from "./names.js";
import { OrderStepText } from "./order-step.js";
import { usePage } from "./page.js";
import { Place, SourceLink } from "./place.js";
import { WaitEdgeText } from "./wait-edge.js";

/** More than this nobody reads; the first ones of the worst kinds say enough. */
const MAX_ALARMS = 200;
const MAX_NAMES = 8;

interface AlarmsPanelProps {
  readonly byLock: FindingsByLock;
  readonly thresholds: Thresholds;
  onThresholds(thresholds: Thresholds): void;
}

/** What the detectors say of this run, and what static analysis says near its locks. */
export function AlarmsPanel({ byLock, thresholds, onThresholds }: AlarmsPanelProps) {
  const { session } = usePage();
  const { alarms, findings } = session;
  const shown = useMemo(() => ranked(alarms), [alarms]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll alarms" tabIndex={0} aria-label="Alarms">
      <ThresholdFields thresholds={thresholds} onThresholds={onThresholds} />
      {shown.length === 0 && (
        <p class="note">
          Nothing so far: no deadlock, no lock taken twice or in opposite orders, nothing held or waited for
          longer than that.
        </p>
      )}
      <ul id="alarms">
        {shown.slice(0, MAX_ALARMS).map((alarm, index) => (
          <AlarmItem key={index} alarm={alarm} />
        ))}
      </ul>
      {shown.length > MAX_ALARMS && <p class="note">{plural(shown.length - MAX_ALARMS, "more alarm")}.</p>}
      {findings.length > 0 && <Findings findings={findings} byLock={byLock} />}
    </section>
  );
}

function AlarmItem({ alarm }: { readonly alarm: Alarm }) {
  const { setFocus } = usePage();
  const pickOut = () => {
    const [lock] = alarm.locks;
    const [task] = alarm.tasks;
    if (lock !== undefined) setFocus(lockFocus(lock));
    else if (task !== undefined) setFocus(taskFocus(task));
  };
  return (
    <li class="alarm" data-alarm={alarm.kind}>
      <p>
        <b class="mark" data-mark={marks[alarm.kind]}>
          {alarmTitles[alarm.kind]}
        </b>{" "}
        at <InstantLink time={alarm.time} onGo={pickOut} />
      </p>
      <Evidence alarm={alarm} />
    </li>
  );
}

const marks: Readonly<Record<Alarm["kind"], string>> = {
  deadlock: "stuck",
  "self-relock": "stuck",
  "leaked-task": "stuck",
  "order-inversion": "waiting",
  starving: "waiting",
  "held-too-long": "held",
};

/** Where an alarm is made of steps, each with its own places; else its sentence, and what that names. */
function Evidence({ alarm }: { readonly alarm: Alarm }) {
  if (alarm.kind === "deadlock") {
    return (
      <ol>
        {alarm.detail.cycle.edges.map((edge) => (
          <li key={edge.from.id}>
            <WaitEdgeText edge={edge} />
          </li>
        ))}
      </ol>
    );
  }
  if (alarm.kind === "order-inversion") {
    return (
      <ol>
        {alarm.detail.inversion.steps.map(({ edge, witness }) => (
          <li key={edge.first.id}>
            <OrderStepText edge={edge} witness={witness} />
          </li>
        ))}
      </ol>
    );
  }
  return (
    <>
      <p>{alarmSentence(alarm)}</p>
      <Involved alarm={alarm} />
    </>
  );
}

function Involved({ alarm: { tasks, locks, sites } }: { readonly alarm: Alarm }) {
  return (
    <ul class="involved">
      {locks.slice(0, MAX_NAMES).map((lock) => (
        <li key={`lock ${lock.id}`}>
          <LockName lock={lock} kind />
        </li>
      ))}
      {tasks.slice(0, MAX_NAMES).map((task) => (
        <li key={`task ${task.id}`}>
          <TaskName task={task} />
        </li>
      ))}
      {sites.slice(0, MAX_NAMES).map((site) => (
        <li key={`site ${site}`}>
          <Place site={site} />
        </li>
      ))}
    </ul>
  );
}

function ThresholdFields({ thresholds, onThresholds }: Omit<AlarmsPanelProps, "byLock">) {
  const { heldMs, waitMs } = thresholds;
  return (
    <form class="thresholds" onSubmit={(event) => event.preventDefault()}>
      <ThresholdField
        label="Held longer than"
        value={heldMs}
        onValue={(value) => onThresholds({ heldMs: value, waitMs })}
      />
      <ThresholdField
        label="Waited longer than"
        value={waitMs}
        onValue={(value) => onThresholds({ heldMs, waitMs: value })}
      />
    </form>
  );
}

interface ThresholdFieldProps {
  readonly label: string;
  /** Milliseconds. */
  readonly value: number;
  onValue(value: number): void;
}

function ThresholdField({ label, value, onValue }: ThresholdFieldProps) {
  return (
    <label>
      {label}{" "}
      <input
        type="number"
        class="field"
        min="0.001"
        step="any"
        value={Number.isFinite(value) ? value : ""}
        onChange={({ currentTarget }) => {
          if (isDuration(currentTarget.valueAsNumber)) onValue(currentTarget.valueAsNumber);
          else currentTarget.value = String(value);
        }}
      />{" "}
      ms
    </label>
  );
}

interface FindingsProps {
  readonly findings: readonly StaticFinding[];
  readonly byLock: FindingsByLock;
}

function Findings({ findings, byLock: { locks } }: FindingsProps) {
  return (
    <>
      <h2>Found in the code</h2>
      <ul id="findings">
        {findings.map((finding) => (
          <li class="alarm" key={`${finding.file}:${finding.line} ${finding.rule}`}>
            <p>
              <b>{finding.rule}</b> at{" "}
              <SourceLink place={{ ...finding, column: 0 }} text={formatPlace(finding)} />
            </p>
            <p>{finding.message}</p>
            <ul class="involved">
              {(locks.get(finding) ?? []).slice(0, MAX_NAMES).map((lock) => (
                <li key={lock.id}>
                  <LockName lock={lock} kind />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}
