import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { clockTime } from '../../format.js';
import type { PnlSeries } from '../../live/trading/pnl-series.js';

const COLOURS = { line: '#5cc8ff', above: '#2fbf8a', below: '#f2616f', grid: '#1c2430', text: '#8b97a7' };

/** Net profit over time; above zero green, below red. */
export function PnlChart({ series, unit }: { series: PnlSeries; unit: string }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const chart = new uPlot({ ...options(unit), ...sizeOf(element) }, [series.times, series.values], element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [series, unit]);
  useEffect(() => plot.current?.setData([series.times, series.values]), [series, series.times.length, series.times.at(-1)]);
  return <div ref={host} class="pnl-chart" role="img" aria-label={`Net profit in ${unit} over time`} />;
}

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: Math.max(80, element.clientHeight) };
}

function options(unit: string): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    // Zero is always in the picture: that is what a profit is measured from.
    scales: { x: { time: true }, y: { range: (_plot, min, max) => padded(Math.min(0, min), Math.max(0, max)) } },
    axes: [
      { ...axis(), values: (_plot, values) => values.map((seconds) => clockTime(seconds * 1000, false)), space: 80, size: 26 },
      {
        ...axis(),
        values: (_plot, values) => values.map(short),
        size: 62,
        space: 26,
      },
    ],
    series: [
      {},
      {
        label: unit,
        width: 1.5,
        stroke: (plot) => split(plot, (at) => at),
        fill: (plot) => split(plot, (at) => `${at}2e`),
        fillTo: 0,
        points: { show: false },
      },
    ],
  };
}

/** A label that fits the axis, also where a profit is a few satoshi. */
const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : `${Number(value.toPrecision(6))}`;

const padded = (min: number, max: number): [number, number] => {
  const room = Math.max(max - min, 1e-9) * 0.08;
  return [min < 0 ? min - room : min, max + room];
};

function axis(): uPlot.Axis {
  return {
    stroke: COLOURS.text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: COLOURS.grid, width: 1 },
    ticks: { stroke: COLOURS.grid, width: 1, size: 4 },
  };
}

/** One colour above zero and another below. */
function split(plot: uPlot, shade: (colour: string) => string): CanvasGradient | string {
  const { top, height } = plot.bbox;
  const zero = (plot.valToPos(0, 'y', true) - top) / height;
  if (!Number.isFinite(zero) || height <= 0) return shade(COLOURS.line);
  const at = Math.min(1, Math.max(0, zero));
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, shade(COLOURS.above));
  gradient.addColorStop(at, shade(COLOURS.above));
  gradient.addColorStop(at, shade(COLOURS.below));
  gradient.addColorStop(1, shade(COLOURS.below));
  return gradient;
}
