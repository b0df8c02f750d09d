import binance from '@speed-protocol/exchange-binance/sim';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { expect } from 'vitest';
import { escapes } from '../src/index.js';

/** Seed of the market: SPEED_SEED, else drawn; printed either way. */
export const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);

/** A busy simulation in real time, with the venue's own limits. */
export function simulate(): Promise<RunningSimulator> {
  const symbols = ['BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USD:BTC', 'ETH/USD:ETH'];
  return startSimulator({ dialects: [binance], seed: SEED, symbols, flow: { eventsPerSecond: 60 } });
}

/** A client's book, numbers, best first. */
export interface ClientBook {
  readonly bids: readonly (readonly number[])[];
  readonly asks: readonly (readonly number[])[];
}

/** Holds a client's book against the truth at the same sequence, level for level. */
export function expectTruth(sim: RunningSimulator, venue: string, symbol: string, sequence: number, book: ClientBook): void {
  const truth = sim.oracle.book(venue, symbol, sequence);
  const pairs = (levels: ClientBook['bids']) => levels.map(([price, size]) => [price, size]);
  expect({ sequence, bids: pairs(book.bids), asks: pairs(book.asks) }).toEqual({ sequence, bids: truth.bids, asks: truth.asks });
}

/** Fails if a client has tried to leave this machine. */
export function expectNoEscape(): void {
  expect(escapes).toEqual([]);
}
