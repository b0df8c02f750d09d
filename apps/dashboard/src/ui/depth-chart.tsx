import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { compact, fixed } from '../format.js';
import { freshness, isOld } from '../live/freshness.js';
import { depthCurve } from '../live/ladder.js';
import type { LiveMarket } from '../live/market.js';
import { usePage } from './context.js';
import type { Units } from './units.js';

const COLOURS = { bid: '#2fbf8a', ask: '#f2616f', grid: '#1c2430', text: '#8b97a7' };
/** Height of the line below the chart that names the point under the cursor. */
const LEGEND = 28;

/** Sums of the sizes over the price: how much stands between the middle and a price. */
export function DepthChart({ market, units }: { market: LiveMarket; units: Units }) {
  const { gateway } = usePage();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const chart = new uPlot({ ...options(units), ...sizeOf(element) }, [[], [], []], element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [units.priceDigits, units.size]);
  useEffect(() => {
    if (market.book) plot.current?.setData(depthCurve(market.book));
  }, [market.book, units.priceDigits, units.size]);
  const old = isOld(freshness({ book: market.book, connected: gateway.connected }));
  return (
    <div ref={host} class={`depth-chart ${old ? 'is-old' : ''}`} role="img" aria-label="Depth chart: summed sizes by price" />
  );
}

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: Math.max(120, element.clientHeight - LEGEND) };
}

function options(units: Units): Omit<uPlot.Options, 'width' | 'height'> {
  const stepped = (align: 1 | -1) => uPlot.paths.stepped?.({ align }) as uPlot.Series.PathBuilder;
  const side = (label: string, colour: string, align: 1 | -1): uPlot.Series => ({
    label,
    stroke: colour,
    fill: `${colour}2e`,
    width: 1.5,
    paths: stepped(align),
    points: { show: false },
    value: (_plot, value) => compact(value),
  });
  return {
    legend: { show: true, live: true },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.05 : 1] } },
    axes: [
      axis((value) => fixed(value, Math.min(units.priceDigits, 2)), { space: 90, size: 32 }),
      axis((value) => compact(value), { space: 36, size: 52 }),
    ],
    series: [
      { label: 'Price', value: (_plot, value) => fixed(value, units.priceDigits) },
      side('Bids', COLOURS.bid, -1),
      side('Asks', COLOURS.ask, 1),
    ],
  };
}

function axis(write: (value: number) => string, size: { space: number; size: number }): uPlot.Axis {
  return {
    stroke: COLOURS.text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: COLOURS.grid, width: 1 },
    ticks: { stroke: COLOURS.grid, width: 1, size: 4 },
    values: (_plot, values) => values.map(write),
    ...size,
  };
}
