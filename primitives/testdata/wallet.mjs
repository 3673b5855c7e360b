// A program around a package of others, which guards the numbers of a wallet's transactions with async-mutex. With
// RESET it makes a mistake that the package invites to: it asks for a number while it holds the lock over all.
import { setTimeout as delay } from "node:timers/promises";
import { NonceTracker } from "@metamask/nonce-tracker";

const [alice, bob] = ["a", "b"].map((digit) => `0x${digit.repeat(40)}`);
const answers = { eth_chainId: "0x1", net_version: "1" };
const pending = [];
const tracker = new NonceTracker({
  provider: {
    async request({ method }) {
      await delay(1);
      return answers[method] ?? "0x5";
    },
  },
  blockTracker: { getLatestBlock: async () => "0x100" },
  getPendingTransactions: (from) => pending.filter(({ txParams }) => txParams.from === from),
  getConfirmedTransactions: () => [],
});

async function send(from) {
  const { nextNonce, releaseLock } = await tracker.getNonceLock(from);
  await delay(1);
  pending.push({ txParams: { from, nonce: `0x${nextNonce.toString(16)}` } });
  releaseLock();
  return nextNonce;
}

console.log((await Promise.all([alice, alice, bob, alice, bob].map(send))).join(" "));
if (process.env.RESET) {
  const { releaseLock } = await tracker.getGlobalLock();
  await send(alice);
  releaseLock();
}
