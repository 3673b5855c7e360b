import type { LockStatistics, SiteStatistics } from "@lockscope/trace";
import { lockText } from "../model/describe.js";
import { formatCount, formatDuration, plural } from "../model/format.js";
import { formatShare, type Statistics, siteShare, subjectOf } from "../model/statistics.js";
import { HistogramChart } from "./histogram.js";
import { Place } from "./place.js";

const MAX_SITES = 100;

/** The waits and holds of one lock or task, and of a lock the places that they come from. */
export function StatisticsDetail({ statistics }: { readonly statistics: Statistics }) {
  const { type } = subjectOf(statistics);
  const title = "lock" in statistics ? lockText(statistics.lock) : statistics.task.name;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll detail" id={`${type}-detail`} tabIndex={0} aria-label={title}>
      <h2>{title}</h2>
      <div class="histograms">
        <HistogramChart title="Waits" histogram={statistics.waits} />
        <HistogramChart title="Holds" histogram={statistics.holds} />
      </div>
      {"sites" in statistics && <Sites statistics={statistics} />}
    </section>
  );
}

function Sites({ statistics }: { readonly statistics: LockStatistics }) {
  const { sites } = statistics;
  return (
    <>
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
    </>
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
