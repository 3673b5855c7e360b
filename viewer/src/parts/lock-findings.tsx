import type { StaticFinding } from "@lockscope/trace";
import { SourceLink } from "./place.js";

const MAX_SHOWN = 3;

/** What static analysis says where a lock is made or used, beside what the lock does. */
export function LockFindings({ findings }: { readonly findings: readonly StaticFinding[] | undefined }) {
  return (
    <>
      {findings?.slice(0, MAX_SHOWN).map((finding) => (
        <span key={`${finding.file}:${finding.line} ${finding.rule}`} class="finding" title={finding.message}>
          <SourceLink place={{ ...finding, column: 0 }} text={finding.rule} />
        </span>
      ))}
    </>
  );
}
