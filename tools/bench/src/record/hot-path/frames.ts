import type { Levels } from '@speed-protocol/core';
import { createMarket, LEVELS } from '../market.js';

/** A busy venue: twenty symbols, each as spot, linear and inverse contract. */
export const BOOKS = 60;
/** Length of a slice, ms: short, so that both kinds of slices find the machine in the same mood. */
export const SLICE_MS = 5_000;

export type Kind = 'depth' | 'trade' | 'quote';

/** Frames per second and book: depth comes every 100 ms, the others at random. */
const PER_SECOND: Readonly<Record<Kind, number>> = { depth: 10, trade: 8, quote: 15 };
const STREAM: Readonly<Record<Kind, string>> = { depth: 'depth@100ms', trade: 'aggTrade', quote: 'bookTicker' };

/** The sequence at which every book begins a slice. */
export const FIRST_SEQUENCE = 1_000;

export interface Frame {
  /** ms after the beginning of the slice. */
  readonly due: number;
  readonly bytes: Buffer;
  /** Where the thirteen digits of the venue's time stand, each time. */
  readonly timesAt: readonly number[];
}

/** `BTC0USDT` ... of the venue, and what they are called here. */
export const nameOf = (book: number) => ({ venueSymbol: `COIN${book}USDT`, symbol: `COIN${book}/USDT:USDT` });
export const streamName = (book: number, kind: Kind) => `${nameOf(book).venueSymbol.toLowerCase()}@${STREAM[kind]}`;

/** One slice of all streams, in order of time, the same every time: messages of combined streams as Binance writes them. */
export function drawFrames(): Frame[] {
  const frames = Array.from({ length: BOOKS }, (_, book) => framesOf(book)).flat();
  return frames.sort((a, b) => a.due - b.due);
}

/** Writes the venue's time into a frame. @param time ms since epoch */
export function stamp({ bytes, timesAt }: Frame, time: number): void {
  const digits = time.toFixed(0);
  for (const at of timesAt) bytes.write(digits, at, 'latin1');
}

function framesOf(book: number): Frame[] {
  const random = generator(book + 1);
  const { event, next } = createMarket(book + 1);
  const { venueSymbol: s } = nameOf(book);
  const price = () => (60_000 + random() * 10).toFixed(1);
  const size = () => (random() * 10).toFixed(3);
  const exponential = (kind: Kind) => () => (-Math.log(1 - random()) * 1000) / PER_SECOND[kind];
  const phase = random() * 100;
  const depth = times(() => 1000 / PER_SECOND.depth).map((due) => {
    next();
    const { sequence: u, prevSequence: pu, bids, asks } = event;
    const data = { e: 'depthUpdate', E: TIME, T: TIME, s, U: pu! + 1, u, pu, b: sideOf(bids), a: sideOf(asks) };
    return frame(book, 'depth', due + phase, data);
  });
  const trades = times(exponential('trade')).map((due, i) => {
    const id = 9_000_000 + i;
    const data = { e: 'aggTrade', E: TIME, a: id, s, p: price(), q: size(), f: id, l: id, T: TIME, m: random() < 0.5 };
    return frame(book, 'trade', due, data);
  });
  const quotes = times(exponential('quote')).map((due, u) => {
    const data = { e: 'bookTicker', u, s, b: price(), B: size(), a: price(), A: size(), T: TIME, E: TIME };
    return frame(book, 'quote', due, data);
  });
  return [...depth, ...trades, ...quotes];
}

/** Times within a slice, each so long after the one before, ms. */
function times(wait: () => number): number[] {
  const all: number[] = [];
  for (let at = wait(); at < SLICE_MS - 100; at += wait()) all.push(at);
  return all;
}

/** A time of thirteen digits that {@link stamp} writes over. */
const TIME = 1_767_225_600_000;

function sideOf({ values, start }: Levels): [price: string, size: string][] {
  return Array.from({ length: LEVELS }, (_, i) => [values[start + 2 * i]!.toFixed(1), values[start + 2 * i + 1]!.toFixed(3)]);
}

function frame(book: number, kind: Kind, due: number, data: object): Frame {
  const text = JSON.stringify({ stream: streamName(book, kind), data });
  const timesAt = [...text.matchAll(new RegExp(String(TIME), 'g'))].map(({ index }) => index);
  return { due, bytes: Buffer.from(text), timesAt };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
