import { bucketStart, type Histogram } from "@lockscope/trace";
import { formatDuration, plural } from "../model/format.js";

const BAR = 12;
const HEIGHT = 64;

interface HistogramChartProps {
  readonly title: string;
  readonly histogram: Histogram;
}

/**
 * How long things took: a bar for each power of two. Counts are drawn by their logarithm, so that the one wait of
 * a second stands out beside a million of a microsecond.
 */
export function HistogramChart({ title, histogram }: HistogramChartProps) {
  const { count, buckets } = histogram;
  if (count === 0) return <Caption title={title}>none</Caption>;
  const first = buckets.findIndex((each) => each > 0);
  const last = buckets.findLastIndex((each) => each > 0);
  const shown = [...buckets.subarray(first, last + 1)];
  const tallest = Math.log1p(Math.max(...shown));
  const words = inWords(histogram);
  const width = shown.length * BAR;
  return (
    <figure class="histogram">
      <Caption title={title}>{words}</Caption>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`${title}: ${words}`}
      >
        {shown.map((each, index) => {
          const height = each === 0 ? 0 : Math.max(2, (Math.log1p(each) / tallest) * HEIGHT);
          const range = `${formatDuration(bucketStart(first + index))} to ${formatDuration(bucketStart(first + index + 1))}`;
          return (
            <rect key={range} x={index * BAR} y={HEIGHT - height} width={BAR - 1} height={height}>
              <title>{`${range}: ${plural(each, "time")}`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="scale" aria-hidden="true" style={{ width: `${width}px` }}>
        <span>{formatDuration(bucketStart(first))}</span>
        <span>{formatDuration(bucketStart(last + 1))}</span>
      </p>
    </figure>
  );
}

function inWords(histogram: Histogram): string {
  const { count, max } = histogram;
  if (count === 1) return `once, ${formatDuration(max)}`;
  const [half, most] = [0.5, 0.99].map((share) => formatDuration(histogram.quantile(share)));
  return `${plural(count, "time")}, half within ${half}, 99 % within ${most}, the longest ${formatDuration(max)}`;
}

function Caption({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <p>
      <b>{title}</b> <span class="dim">{children}</span>
    </p>
  );
}
