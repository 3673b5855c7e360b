import { formatDuration, type LockState, lockTypeOf, longestWait, plural } from "@lockscope/trace";
import { type LockNode, limited } from "./lock-node.js";
import { amountText, iconOf, modeText } from "./lock-words.js";
import type { TreeScene } from "./tree-scene.js";

/** Of a lock's holders and its queue. */
const MAX_QUEUE = 50;

/** A lock: who has it, below it its holders, its queue and what it has come to so far. */
export function lockEntry(lock: LockState, scene: TreeScene): LockNode {
  const { id, name, holders, waiters } = lock;
  const state = [holders.size > 0 && holdersText(lock, scene), amountText(lock)].filter(Boolean);
  if (waiters.size > 0) state.push(`${plural(waiters.size, "task")} waiting`);
  return {
    id: `lock:${id}`,
    label: name,
    description: [lockTypeOf(lock), ...state].join(" · "),
    icon: iconOf(lock),
    tone: scene.isStuck(lock) ? "error" : waiters.size > 0 ? "warning" : "calm",
    kind: "lock",
    lock: id,
    ...scene.at(lock.site),
    children: () => [...holds(lock, scene), ...queue(lock, scene), counters(lock, scene)],
  };
}

function holdersText({ holders }: LockState, scene: TreeScene): string {
  const first = holders.oldest!;
  const others = holders.size === 1 ? "" : ` and ${holders.size - 1} more`;
  return `held by ${first.task.name}${others} for ${scene.since(first.since)}`;
}

function holds({ id, holders }: LockState, scene: TreeScene): LockNode[] {
  return limited(
    [...holders],
    (hold) => ({
      ...scene.detail(`lock:${id}:hold:${hold.task.id}:${hold.mode}`, hold.site),
      label: hold.task.name,
      description: `has held it${modeText(hold)} for ${scene.since(hold.since)}${scene.where(hold.site)}`,
      icon: "lock",
      task: hold.task.id,
    }),
    `lock:${id}:more-holds`,
    "holder",
    MAX_QUEUE,
  );
}

function queue({ id, waiters }: LockState, scene: TreeScene): LockNode[] {
  return limited(
    [...waiters],
    (wait, index) => ({
      ...scene.detail(`lock:${id}:wait:${wait.task.id}:${index}`, wait.site),
      label: `${index + 1}. ${wait.task.name}`,
      description: `has waited${modeText(wait)} for ${scene.since(wait.since)}${scene.where(wait.site)}`,
      icon: "watch",
      tone: scene.isStuck(wait.task) ? ("error" as const) : ("warning" as const),
      task: wait.task.id,
    }),
    `lock:${id}:more-waits`,
    "waiting task",
    MAX_QUEUE,
  );
}

function counters(lock: LockState, scene: TreeScene): LockNode {
  const waited = longestWait(lock, scene.now);
  const parts = [
    `${plural(lock.uses, "use")}, ${lock.contentions === 0 ? "none" : lock.contentions} with a wait`,
    waited > 0 && `longest wait ${formatDuration(waited)}`,
    lock.maxHold > 0 && `longest hold ${formatDuration(lock.maxHold)}`,
  ].filter((part) => part !== false);
  return {
    ...scene.detail(`lock:${lock.id}:counters`, lock.site),
    label: parts.join(" · "),
    description: scene.where(lock.site, "made at "),
    icon: "graph",
  };
}
