/** Where a chart draws, px. */
const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 56;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 34;

export interface Scale {
  /** Value to px. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export const xLinear = (max: number): Scale => linear(max, LEFT, WIDTH - RIGHT);
export const yLinear = (max: number): Scale => linear(max, HEIGHT - BOTTOM, TOP);

/** Powers of ten and their halves, from the decade of `min` to that of `max`. */
export function xLog(min: number, max: number): Scale {
  const [from, to] = [Math.floor(Math.log10(min)), Math.max(Math.floor(Math.log10(min)) + 1, Math.ceil(Math.log10(max)))];
  const at = (value: number) => LEFT + ((Math.log10(Math.max(value, 10 ** from)) - from) / (to - from)) * (WIDTH - RIGHT - LEFT);
  return { at, ticks: Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step)) };
}

function linear(max: number, from: number, to: number): Scale {
  const step = niceStep(max / 5);
  const end = Math.max(step, Math.ceil(max / step) * step);
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step);
  return { at: (value) => from + (value / end) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten, at least `raw`. */
function niceStep(raw: number): number {
  if (!(raw > 0)) return 1;
  const decade = 10 ** Math.floor(Math.log10(raw));
  return decade * ([1, 2, 5].find((factor) => factor * decade >= raw) ?? 10);
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly writeX: (value: number) => string;
  readonly writeY: (value: number) => string;
}

/** A chart with its axes; `content` is drawn into it. */
export function chart({ x, y, xLabel, yLabel, writeX, writeY }: Axes, content: string): string {
  const floor = HEIGHT - BOTTOM;
  const columns = x.ticks.map((value) => {
    const at = px(x.at(value));
    return `<line x1="${at}" y1="${TOP}" x2="${at}" y2="${floor}"/><text x="${at}" y="${floor + 14}" text-anchor="middle">${writeX(value)}</text>`;
  });
  const lines = y.ticks.map((value) => {
    const at = px(y.at(value));
    return `<line x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}"/><text x="${LEFT - 6}" y="${px(y.at(value) + 4)}" text-anchor="end">${writeY(value)}</text>`;
  });
  const labels =
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">${xLabel}</text>` +
    `<text x="${LEFT + 4}" y="${TOP + 9}">${yLabel}</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><g class="grid">${columns.join('')}${lines.join('')}${labels}</g>${content}</svg>`;
}

/** A line that steps from point to point. */
export function stepped(points: readonly (readonly [number, number])[], x: Scale, y: Scale, className: string): string {
  if (points.length === 0) return '';
  const [first, ...rest] = points;
  const path = rest.map(([px_, py]) => `H${px(x.at(px_))}V${px(y.at(py))}`).join('');
  return `<path class="line ${className}" d="M${px(x.at(first![0]))} ${px(y.at(first![1]))}${path}"/>`;
}

export function dots(points: readonly (readonly [number, number])[], x: Scale, y: Scale, className: string): string {
  return points.map(([a, b]) => `<circle class="${className}" cx="${px(x.at(a))}" cy="${px(y.at(b))}" r="2"/>`).join('');
}

/** A vertical bar between two values of x. */
export function bar(from: number, to: number, value: number, x: Scale, y: Scale, title: string): string {
  const [left, right] = [x.at(from), x.at(to)];
  const top = y.at(value);
  return (
    `<rect class="bar" x="${px(left + 0.5)}" y="${px(top)}" width="${px(Math.max(0.5, right - left - 1))}" ` +
    `height="${px(y.at(0) - top)}"><title>${escapeHtml(title)}</title></rect>`
  );
}

const px = (value: number): string => value.toFixed(1);
