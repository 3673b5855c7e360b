import type { TaskState } from "@lockscope/trace";
import { type LockNode, limited, type Tone } from "./lock-node.js";
import { phaseText } from "./lock-words.js";
import type { TreeScene } from "./tree-scene.js";

/** The group of all tasks, those first that one looks for. */
export function tasksEntry(scene: TreeScene): LockNode {
  const { live } = scene.session.store;
  return {
    id: "tasks",
    label: "Tasks",
    description: `${live.liveTasks} alive, ${live.waitingTasks} waiting`,
    icon: "list-tree",
    kind: "group",
    children: () => {
      const shown = [...live.tasks].sort((a, b) => rank(a, scene) - rank(b, scene));
      return limited(shown, (task) => taskEntry(task, scene), "more-tasks", "task");
    },
  };
}

/** A task: what it waits for or does, and what it holds. */
export function taskEntry(task: TaskState, scene: TreeScene): LockNode {
  const { id, name, waits, holds } = task;
  const stopped = id === scene.stoppedTask;
  const wait = waits.oldest;
  const held = [...holds].slice(0, 3).map(({ lock }) => lock.name);
  if (holds.size > held.length) held.push("…");
  const parts = [
    stopped && "stopped here",
    wait === undefined ? phaseText(task) : scene.waitText(wait),
    held.length > 0 && `holds ${held.join(", ")}`,
  ].filter((part) => part !== false && part !== "");
  return {
    id: `task:${id}`,
    label: name,
    description: parts.join(" · "),
    icon: stopped ? "debug-stackframe" : wait !== undefined ? "watch" : "circle-outline",
    tone: toneOf(task, scene),
    kind: "task",
    task: id,
    ...scene.at(wait?.site ?? task.site),
  };
}

function toneOf(task: TaskState, scene: TreeScene): Tone {
  if (task.id === scene.stoppedTask) return "stopped";
  if (scene.isStuck(task)) return "error";
  return task.waits.size > 0 ? "warning" : "calm";
}

/** Where the debugger stands, who is stuck, who waits, who runs, who is done. */
function rank(task: TaskState, scene: TreeScene): number {
  if (task.id === scene.stoppedTask) return 0;
  if (scene.isStuck(task)) return 1;
  if (task.waits.size > 0) return 2;
  return task.ended === Number.POSITIVE_INFINITY ? 3 : 4;
}
