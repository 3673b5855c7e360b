import { workerData } from "node:worker_threads";
import { Int32, type SharedHandle } from "@lockscope/sync/atomic";

const { count: handle, times } = workerData as { count: SharedHandle; times: number };
const count = Int32.from(handle);
for (let i = 0; i < times; i++) count.add(1);
