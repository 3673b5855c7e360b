import { formatInstant } from "../model/format.js";
import { TaskName } from "./names.js";
import { usePage } from "./page.js";

/** Says that a debugger holds the program, and in which task. */
export function Stopped() {
  const { session, stopped } = usePage();
  const task = stopped?.task === undefined ? undefined : session.store.live.findTask(stopped.task);
  return (
    <div aria-live="polite">
      {stopped !== undefined && (
        <p class="alert warning" id="stopped">
          <b>Stopped</b> by the debugger ({stopped.reason})
          {task !== undefined && (
            <>
              {" "}
              in <TaskName task={task} />
            </>
          )}{" "}
          at {formatInstant(stopped.time)}. What is shown is the state at this moment.
        </p>
      )}
    </div>
  );
}
