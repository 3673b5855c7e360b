import type ts from "typescript";
import type { Cfg, CfgNode } from "../ir/cfg.js";

/** Only a question asked twice can correlate two branches: the others need not be remembered. */
export function repeatedConditions(cfg: Cfg): ReadonlySet<string> {
  const askedAt = new Map<string, ts.Node>();
  const repeated = new Set<string>();
  const visited = new Uint8Array(cfg.size + 1);
  const work: CfgNode[] = [];
  const reach = (node: CfgNode | undefined): void => {
    if (node === undefined || visited[node.id] === 1) return;
    visited[node.id] = 1;
    work.push(node);
  };
  reach(cfg.entry);
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    const { op } = node;
    if (op?.kind === "branch" && op.condition !== undefined) {
      const { key } = op.condition;
      // A plain variable may also be answered by an assignment or a tryLock.
      if (/^[#@]\d+$/.test(key) || (askedAt.has(key) && askedAt.get(key) !== op.node)) repeated.add(key);
      askedAt.set(key, op.node);
    }
    reach(node.next);
    reach(node.alt);
    reach(node.onThrow);
  }
  return repeated;
}
