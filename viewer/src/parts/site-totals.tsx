import { formatDuration, plural } from "../model/format.js";
import { placeTotals } from "../model/place-totals.js";
import { usePage } from "./page.js";

/** What the operations of a source line have come to. */
export function SiteTotalsText({ file, line }: { readonly file: string; readonly line: number }) {
  const { session } = usePage();
  const totals = placeTotals(session.store, file, line);
  if (totals.acquisitions === 0 && totals.contended === 0) return null;
  return (
    <span>
      : taken {plural(totals.acquisitions, "time")}
      {totals.maxHold > 0 && `, held for ${formatDuration(totals.maxHold)} at the longest`}
      {totals.contended > 0 &&
        `; waited for ${plural(totals.contended, "time")}, ${formatDuration(totals.maxWait)} at the longest`}
    </span>
  );
}
