import { parentPort } from "node:worker_threads";

const { instrument, copies } = globalThis[Symbol.for("@lockscope/sync")];
parentPort.postMessage({ preloaded: true, instrument, copies });
