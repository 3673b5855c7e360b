import { addBeforeTask, countedByGroup } from "../../fixes/waitgroup.js";
import type { Rule } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const waitGroupAddInTask: Rule = {
  id: "waitgroup-add-in-task",
  title: "The task counts itself too late",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const { observations } of context.units) {
      if (observations.abandoned) continue;
      for (const { add, place, spawn } of firstPerNode(observations.addsInTask, (each) => each.add)) {
        yield {
          node: add,
          message: `WaitGroup \`${place.text}\` is added to inside the task it counts (started at line ${lineOf(spawn)}): wait() may return before the task has begun`,
          related: [{ node: spawn, message: "the task is started here: add before this" }],
          fixes: [addBeforeTask(add, spawn), countedByGroup(add, spawn, context.snapshot)],
        };
      }
    }
  },
};
