import { StreamReader, type TraceBuilder, TraceStore } from "@lockscope/trace";

/** A store that has read all of `trace`. */
export function storeOf(trace: TraceBuilder): TraceStore {
  const store = new TraceStore();
  for (const batch of new StreamReader({ prelude: false }).push(trace.bytes())) store.append(batch);
  return store;
}
