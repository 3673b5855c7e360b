import { workerData } from "node:worker_threads";
import { SharedChannel, type SharedHandle } from "@lockscope/sync/shared";
import { type Counts, countWords } from "./count.js";

const handles = workerData as { todo: SharedHandle; counted: SharedHandle };
const todo = SharedChannel.from<string>(handles.todo);
const counted = SharedChannel.from<Counts>(handles.counted);

for (let page = todo.receiveSync(); page !== undefined; page = todo.receiveSync()) {
  counted.sendSync(countWords(page));
}
