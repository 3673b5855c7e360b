import { Mutex } from "@lockscope/sync";

await new Mutex({ name: "only" }).lock();
process.exit();
