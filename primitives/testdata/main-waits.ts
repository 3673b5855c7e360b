// No task at all: the main program locks twice.
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
async function main() {
  await mu.lock();
  await mu.lock();
}
main();
