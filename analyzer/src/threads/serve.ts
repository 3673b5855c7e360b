import { parentPort, workerData } from "node:worker_threads";
import { createSettings } from "../config/settings.js";
import { createHomes } from "../homes.js";
import { judge } from "../judge.js";
import { createTexts } from "../project/texts.js";
import type { Assignment, Message } from "./crew.js";
import { createShare } from "./share.js";

/** What a thread of the crew does: the module that it is started with calls this, and nothing else. */
export function serveCrew(): void {
  if (parentPort === null) throw new Error("this module is the beginning of a worker thread");
  const port = parentPort;
  const { options, all, files, taken }: Assignment = workerData;
  const { projectOf, arranged } = createHomes(options, createTexts(), createSettings(options.levels));
  const tell = (message: Message) => port.postMessage(message);
  for (const file of all) projectOf(file).admit(file);
  const share = createShare(arranged(files), taken);
  for (let file = share.next(); file !== undefined; file = share.next())
    tell({ file, judged: judge(file, projectOf, (log) => tell({ log })) });
}
