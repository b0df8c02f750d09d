import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { clockTime, fixed } from '../../format.js';
import type { MarketRef } from '../../live/choice.js';
import { useCells, usePage } from '../../ui/context.js';
import { unitsOf } from '../../ui/units.js';
import { usePolled } from './polled.js';
import { type Series, seriesOf } from './series.js';

const RANGES = [
  ['5 min', 300_000],
  ['1 h', 3_600_000],
  ['6 h', 6 * 3_600_000],
  ['24 h', 24 * 3_600_000],
] as const;
/** Points asked for, and how often a range that goes on is read again, ms: longer ranges are read less often. */
const POINTS = 600;
const refreshMs = (range: number) => Math.max(2000, range / POINTS);

const COLOURS = { middle: '#5cc8ff', spread: '#f5b94a', grid: '#1c2430', text: '#8b97a7' };
const HEIGHT = 260;

/** Middle price and spread of what was recorded last, broken where something is missing. */
export function PricePlot({ market }: { market: MarketRef }) {
  const { directory, now } = usePage();
  useCells(directory.cell);
  const [range, setRange] = useState<number>(RANGES[0][1]);
  // Rounded, so that drawing again asks for nothing new.
  const step = refreshMs(range);
  const until = Math.ceil(now() / step) * step;
  const params = { venue: market.venue, symbol: market.symbol, from: until - range, until, points: POINTS };
  const { result, problem } = usePolled('recorded_prices', params, step);
  const { priceDigits } = unitsOf(directory.instrument(market));
  const shown = useLast(result);
  return (
    <section class="panel" aria-label="Recorded prices">
      <h2>
        {market.symbol} <span class="dim">{market.venue} · middle and spread of the recorded books</span>
        <span class="recording-ranges">
          {RANGES.map(([name, ms]) => (
            <button type="button" key={name} class="quiet" aria-pressed={ms === range} onClick={() => setRange(ms)}>
              {name}
            </button>
          ))}
        </span>
      </h2>
      {shown === undefined && <p class="empty">{problem ?? 'Reading the recording…'}</p>}
      {shown && shown.points.length === 0 && <p class="empty">Nothing was recorded in this range.</p>}
      <Plot
        series={shown === undefined ? [[], [], []] : seriesOf(shown)}
        from={until - range}
        until={until}
        digits={priceDigits}
      />
      {shown && (
        <p class="server-facts dim" data-testid="recorded-range">
          recorded from <b>{clockTime(shown.firstTime, false)}</b> to <b>{clockTime(shown.lastTime, false)}</b> UTC ·{' '}
          <span class={shown.gaps.length > 0 ? 'warn' : ''}>{shown.gaps.length} gaps</span> in this range
        </p>
      )}
    </section>
  );
}

/** What was there before stays until the next answer comes. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

interface PlotProps {
  readonly series: Series;
  /** The range that was asked for, ms: the axis shows all of it, recorded or not. */
  readonly from: number;
  readonly until: number;
  readonly digits: number;
}

function Plot({ series, from, until, digits }: PlotProps) {
  const span = useRef<[number, number]>([0, 1]);
  span.current = [from / 1000, until / 1000];
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const chart = new uPlot(
      { ...options(digits, () => span.current), width: element.clientWidth, height: HEIGHT },
      series,
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [digits]);
  useEffect(() => plot.current?.setData(series));
  return <div ref={host} class="price-plot" role="img" aria-label="Middle price and spread over time" />;
}

function options(digits: number, span: () => [number, number]): Omit<uPlot.Options, 'width' | 'height'> {
  const font = '11px system-ui, sans-serif';
  const grid = { stroke: COLOURS.grid, width: 1 };
  const axis = { stroke: COLOURS.text, font, grid, ticks: { ...grid, size: 4 } };
  return {
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    legend: { show: true, live: true },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: true, range: span }, bp: { range: (_plot, _min, max) => [0, max > 0 ? 3 * max : 1] } },
    axes: [
      axis,
      { ...axis, size: 76, values: (_plot, values) => values.map((value) => fixed(value, Math.min(digits, 2))) },
      {
        ...axis,
        scale: 'bp',
        side: 1,
        size: 56,
        grid: { show: false },
        values: (_plot, values) => values.map((v) => fixed(v, 1)),
      },
    ],
    series: [
      { label: 'Time', value: (_plot, value) => clockTime(value === null ? null : value * 1000) },
      { label: 'Middle', stroke: COLOURS.middle, width: 1.5, value: (_plot, value) => fixed(value, digits + 1) },
      { label: 'Spread, bp', scale: 'bp', stroke: COLOURS.spread, width: 1, value: (_plot, value) => fixed(value, 2) },
    ],
  };
}
