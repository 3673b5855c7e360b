import type { DeadlockCycle, LeakedTask, TaskState } from "@lockscope/trace";
import { useState } from "preact/hooks";
import { waitVerb } from "../model/describe.js";
import { plural } from "../model/format.js";
import { closedAt } from "../timeline/arrows.js";
import { InstantLink } from "./instant-link.js";
import { LockName, TaskName } from "./names.js";
import { usePage } from "./page.js";
import { At, WaitEdgeText } from "./wait-edge.js";

/** At most so many names in a sentence. */
const MAX_NAMES = 8;
const MAX_LEAKED = 100;

/**
 * What can never go on: each cycle by itself, who waits behind them, who was left waiting at the end. The live
 * region around it stays in the page, or a screen reader would not speak what appears in it.
 */
export function Deadlock() {
  const { session } = usePage();
  const [folded, setFolded] = useState(false);
  const { report, leaked } = session.trouble;
  const certain = report.cycles.filter((cycle) => cycle.certain);
  const possible = report.cycles.filter((cycle) => !cycle.certain);
  const inCycle = new Set(report.cycles.flatMap(({ edges }) => edges.map(({ from }) => from)));
  const others = leaked.filter(({ task }) => !inCycle.has(task));
  return (
    <div class="alerts" aria-live="assertive" data-folded={folded}>
      {(certain.length > 0 || leaked.length > 0) && (
        <section id="deadlock" class="alert error" aria-label="Deadlock">
          <button
            type="button"
            class="fold link"
            aria-expanded={!folded}
            aria-label={folded ? "Show who waits for whom" : "Hide who waits for whom"}
            onClick={() => setFolded(!folded)}
          >
            {folded ? "Show" : "Hide"}
          </button>
          {certain.map((cycle) => (
            <Cycle key={keyOf(cycle)} cycle={cycle} />
          ))}
          {report.truncated && <p>There are more cycles among the same tasks.</p>}
          {leaked.length === 0 && <Behind tasks={report.behind} />}
          {others.length > 0 && <Leaked tasks={others} alone={certain.length === 0} />}
        </section>
      )}
      {possible.length > 0 && (
        <section id="possible-deadlock" class="alert warning" aria-label="Possible deadlock">
          {possible.map((cycle) => (
            <Cycle key={keyOf(cycle)} cycle={cycle} />
          ))}
        </section>
      )}
    </div>
  );
}

const keyOf = ({ edges }: DeadlockCycle) => edges.map(({ from }) => from.id).join(" ");

function Cycle({ cycle }: { readonly cycle: DeadlockCycle }) {
  const { edges, certain } = cycle;
  const tasks = edges.length === 1 ? "a task waits for itself" : `${edges.length} tasks wait for each other`;
  return (
    <div class="cycle" data-cycle={edges.map(({ from }) => from.name).join(" ")}>
      <h2>
        {certain ? "Deadlock: " : "Possible deadlock: "}
        {tasks}, since <InstantLink time={closedAt(cycle)} />
      </h2>
      {!certain && (
        <p class="hint">
          Not certain while the program runs: a task may run several calls side by side, and the one that
          holds the lock may be another than the one that waits.
        </p>
      )}
      <ol>
        {edges.map((edge) => (
          <li key={edge.from.id}>
            <WaitEdgeText edge={edge} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Behind({ tasks }: { readonly tasks: readonly TaskState[] }) {
  if (tasks.length === 0) return null;
  const named = tasks.slice(0, MAX_NAMES);
  const more = tasks.length - named.length;
  return (
    <p>
      {plural(tasks.length, "more task")} {tasks.length === 1 ? "waits" : "wait"} behind:{" "}
      {named.map((task, index) => (
        <span key={task.id}>
          {index > 0 && ", "}
          <TaskName task={task} />
        </span>
      ))}
      {more > 0 && ` and ${more} others`}.
    </p>
  );
}

function Leaked({ tasks, alone }: { readonly tasks: readonly LeakedTask[]; readonly alone: boolean }) {
  const more = tasks.length - MAX_LEAKED;
  const many = tasks.length === 1 ? "task was" : "tasks were";
  return (
    <div id="leaked">
      <h2>
        {alone
          ? `The program ended, and ${tasks.length} ${many} left waiting`
          : `${tasks.length} more ${many} left waiting`}
      </h2>
      <ul>
        {tasks.slice(0, MAX_LEAKED).map(({ task, waits }) => (
          <li key={task.id} data-task={task.name}>
            <TaskName task={task} />{" "}
            {waits.map((wait, index) => (
              <span key={`${wait.lock?.id} ${wait.since}`}>
                {index > 0 && ", "}
                {waitVerb(wait.mode)} {wait.lock !== undefined && <LockName lock={wait.lock} kind />}
                {wait.joins !== undefined && <TaskName task={wait.joins} />}
                <At site={wait.site} label="where it waits" />
              </span>
            ))}
          </li>
        ))}
      </ul>
      {more > 0 && <p>and {more} more.</p>}
    </div>
  );
}
