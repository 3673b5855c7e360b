import type { PlainRule } from "../rule.js";
import { flawedChains } from "./chain.js";
import { doc, sources } from "./doc.js";
import { droppedWaiters } from "./dropped.js";
import { staleLocks } from "./exclusion.js";

export const flawedLock: PlainRule = {
  id: "flawed-lock",
  title: "A hand-written lock that does not exclude, or does not wake",
  severity: "warning",
  doc,
  sources,
  *plain(context) {
    yield* staleLocks(context);
    yield* flawedChains(context);
    yield* droppedWaiters(context);
  },
};
