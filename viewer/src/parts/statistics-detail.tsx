import type { LockStatistics, SiteStatistics, TaskStatistics } from "@lockscope/trace";
import { lockText } from "../model/describe.js";
import { formatCount, formatDuration, plural } from "../model/format.js";
import { formatShare, siteShare } from "../model/statistics.js";
import { HistogramChart } from "./histogram.js";
import { Place } from "./place.js";

const MAX_SITES = 100;

/** One lock's waits and holds, and the places that they come from. */
export function LockDetail({ statistics }: { readonly statistics: LockStatistics }) {
  const { lock, waits, holds, sites } = statistics;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll detail" id="lock-detail" tabIndex={0} aria-label={lockText(lock)}>
      <h2>{lockText(lock)}</h2>
      <div class="histograms">
        <HistogramChart title="Waits" histogram={waits} />
        <HistogramChart title="Holds" histogram={holds} />
      </div>
      <table id="sites">
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col" class="number">
              Share
            </th>
            <th scope="col" class="number">
              Waits
            </th>
            <th scope="col" class="number">
              Waited
            </th>
            <th scope="col" class="number">
              Taken
            </th>
            <th scope="col" class="number">
              Held
            </th>
          </tr>
        </thead>
        <tbody>
          {sites.slice(0, MAX_SITES).map((site) => (
            <SiteRow key={site.site} site={site} share={siteShare(site, statistics)} />
          ))}
        </tbody>
      </table>
      {sites.length > MAX_SITES && <p class="note">{plural(sites.length - MAX_SITES, "more place")}.</p>}
    </section>
  );
}

/** One task's waits and holds. */
export function TaskDetail({ statistics: { task, waits, holds } }: { readonly statistics: TaskStatistics }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll detail" id="task-detail" tabIndex={0} aria-label={task.name}>
      <h2>{task.name}</h2>
      <div class="histograms">
        <HistogramChart title="Waits" histogram={waits} />
        <HistogramChart title="Holds" histogram={holds} />
      </div>
    </section>
  );
}

function SiteRow({ site, share }: { readonly site: SiteStatistics; readonly share: number }) {
  return (
    <tr>
      <th scope="row">{site.site === 0 ? <span class="dim">not known</span> : <Place site={site.site} />}</th>
      <td class="number">
        <meter class="share" min={0} max={1} value={share} aria-label="Share" />
        {formatShare(share)}
      </td>
      <td class="number">{formatCount(site.contended)}</td>
      <td class="number">{formatDuration(site.waits.total)}</td>
      <td class="number">{formatCount(site.acquisitions)}</td>
      <td class="number">{formatDuration(site.holds.total)}</td>
    </tr>
  );
}
