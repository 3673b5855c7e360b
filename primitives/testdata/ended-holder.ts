// A task ends without unlocking.
import { go, Mutex } from "@lockscope/sync";

const mu = new Mutex();
await go(() => mu.lock(), { name: "forgetful" }).join();
go(() => mu.lock(), { name: "patient" });
