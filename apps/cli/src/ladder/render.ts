import { type Decimal, decimalPlaces, type Instrument } from '@speed-protocol/core';
import type { BookSnapshot } from './snapshot.js';

/** How a ladder is drawn. */
export interface LadderStyle {
  /** ANSI colours and bars; plain text without. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

type Colour = keyof typeof CODES;
type Level = readonly [price: number, size: number];

const CODES = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const;
const STATE_COLOURS: Readonly<Record<BookSnapshot['state'], Colour>> = { live: 'green', syncing: 'yellow', stale: 'red' };
const COLUMN = 16;
const MAX_BAR = 24;

/** Lines of the ladder: state on top, asks above, spread in the middle, bids below. An old book is grey and says so. */
export function renderLadder(book: BookSnapshot, instrument: Instrument, style: LadderStyle): string[] {
  const paint = painter(style.colour);
  const digits = { price: places(instrument.tickSize), size: places(instrument.lotSize) };
  const largest = Math.max(total(book.bids), total(book.asks));
  const side = (levels: readonly Level[], colour: Colour) =>
    rows(levels, digits, largest, style).map((line) => paint(line, book.state === 'live' ? colour : 'grey'));
  return [
    `${paint(book.symbol, 'bold')}  ${book.venue}`,
    stateLine(book, paint),
    '',
    paint(['price', 'size', 'sum'].map((name) => name.padStart(COLUMN)).join(''), 'grey'),
    ...side(book.asks, 'red').reverse(),
    paint(spreadLine(book, digits.price), 'bold'),
    ...side(book.bids, 'green'),
  ];
}

function rows(levels: readonly Level[], digits: { price: number; size: number }, largest: number, style: LadderStyle): string[] {
  const room = Math.min(MAX_BAR, style.columns - 3 * COLUMN - 2);
  let sum = 0;
  return levels.map(([price, size]) => {
    sum += size;
    const cells = [price.toFixed(digits.price), size.toFixed(digits.size), sum.toFixed(digits.size)];
    const bar = style.colour && room > 0 && largest > 0 ? `  ${'█'.repeat(Math.round((sum / largest) * room))}` : '';
    return cells.map((cell) => cell.padStart(COLUMN)).join('') + bar;
  });
}

function stateLine({ state, ageMs, gaps, resyncs, sequence }: BookSnapshot, paint: Painter): string {
  const age = ageMs === null ? '-' : ageMs < 1000 ? `${Math.round(ageMs)} ms` : `${(ageMs / 1000).toFixed(1)} s`;
  return `${paint(state.toUpperCase(), STATE_COLOURS[state])}  age ${age}  gaps ${gaps}  resyncs ${resyncs}  sequence ${sequence ?? '-'}`;
}

function spreadLine({ bids, asks }: BookSnapshot, digits: number): string {
  const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
  if (bid === undefined || ask === undefined) return `${'-'.padStart(COLUMN)}  no spread: a side is empty`;
  const mid = (bid + ask) / 2;
  const spread = ask - bid;
  return `${mid.toFixed(digits + 1).padStart(COLUMN)}  spread ${spread.toFixed(digits)} (${((spread / mid) * 10_000).toFixed(2)} bp)`;
}

type Painter = (text: string, colour: Colour) => string;

function painter(colour: boolean): Painter {
  return colour ? (text, name) => `\u001b[${CODES[name]}m${text}\u001b[0m` : (text) => text;
}

/** Decimals of a step without its trailing zeros: `"0.10"` has one. */
function places(step: Decimal): number {
  return decimalPlaces((step.includes('.') ? step.replace(/\.?0+$/, '') : step) as Decimal);
}

function total(levels: readonly Level[]): number {
  return levels.reduce((sum, [, size]) => sum + size, 0);
}
