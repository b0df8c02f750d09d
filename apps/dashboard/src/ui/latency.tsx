import { duration, NOTHING } from '../format.js';
import { BUCKET_LABELS, type Histogram } from '../live/histogram.js';

interface LatencyProps {
  readonly title: string;
  /** What is measured, in a sentence. */
  readonly hint: string;
  readonly histogram: Histogram;
}

/** How long messages take, as bars over fixed buckets, with the quantiles that count. */
export function Latency({ title, hint, histogram }: LatencyProps) {
  const [p50, p90, p99] = histogram.quantiles([0.5, 0.9, 0.99]);
  const largest = Math.max(1, ...histogram.counts);
  return (
    <figure class="latency" data-testid="latency">
      <figcaption title={hint}>
        <span>{title}</span>
        <span class="dim">
          p50 <b>{duration(p50)}</b> p90 <b>{duration(p90)}</b> p99 <b>{duration(p99)}</b>
        </span>
      </figcaption>
      <div class="bars" role="img" aria-label={`${title}: median ${duration(p50)}, 99th percentile ${duration(p99)}`}>
        {BUCKET_LABELS.map((label, at) => (
          <div key={label} title={`under ${label} ms: ${histogram.counts[at]}`}>
            <i style={{ transform: `scaleY(${((histogram.counts[at] ?? 0) / largest).toFixed(4)})` }} />
            <span>{label}</span>
          </div>
        ))}
      </div>
      <p class="dim note">
        {histogram.total === 0 ? `${NOTHING} no messages yet` : `last ${histogram.total} messages`}
        {histogram.negative > 0 && `; ${histogram.negative} came before their own time stamp: the clocks differ`}
      </p>
    </figure>
  );
}
