import deribit from '@speed-protocol/exchange-deribit/sim';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { normalizeBookChanges, normalizeTrades, OrderBook, stream } from 'tardis-dev';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type BookChange, expectOnTape } from './deribit.js';
import { expectNoEscape, expectTruth, SEED } from './simulation.js';

const SYMBOLS = ['BTC/USD:BTC', 'ETH/USD:ETH', 'BTC/USDC:USDC', 'BTC/USDC'];
/** Of each symbol: enough to have seen levels come, change and go. */
const [ENOUGH_CHANGES, ENOUGH_TRADES] = [15, 3];

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({ dialects: [deribit], seed: SEED, symbols: SYMBOLS, flow: { eventsPerSecond: 60 } });
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

/** Where it goes and who it is, it takes from the environment. */
function pointTardis(isLoggedIn: boolean): void {
  const { ws, credentials } = sim.ready.venues['deribit']!;
  vi.stubEnv('WSS_URL_DERIBIT', ws.public);
  vi.stubEnv('DERIBIT_API_CLIENT_ID', isLoggedIn ? credentials!.apiKey : undefined);
  vi.stubEnv('DERIBIT_API_CLIENT_SECRET', isLoggedIn ? credentials!.secret : undefined);
}

interface Message {
  readonly params?: { readonly channel?: string; readonly data: BookChange };
}

it.each([
  { who: 'anybody', isLoggedIn: false, interval: '100ms' },
  { who: 'an account', isLoggedIn: true, interval: 'raw' },
])(`tardis-dev keeps books that are the oracle's and hears its trades, $interval for $who, seed ${SEED}`, async (row) => {
  pointTardis(row.isLoggedIn);
  const symbols = SYMBOLS.map((symbol) => sim.oracle.market('deribit', symbol).listing.venueSymbol);
  const books = new Map(symbols.map((symbol) => [symbol, { book: new OrderBook(), changes: 0, trades: 0 }]));
  const [changesOf, tradesOf] = [normalizeBookChanges('deribit', new Date()), normalizeTrades('deribit', new Date())];
  const isEnough = () => [...books.values()].every((seen) => seen.changes >= ENOUGH_CHANGES && seen.trades >= ENOUGH_TRADES);
  const filters = [
    { channel: 'book' as const, symbols },
    { channel: 'trades' as const, symbols },
  ];
  // Without its timeout: on a busy machine silence is not a fault.
  for await (const { message, localTimestamp } of stream({ exchange: 'deribit', filters, timeoutIntervalMS: 0 })) {
    if (changesOf.canHandle(message)) {
      const { channel, data } = (message as Message).params!;
      expect(channel).toBe(`book.${data.instrument_name}.${row.interval}`);
      const seen = books.get(data.instrument_name)!;
      for (const change of changesOf.map(message, localTimestamp) ?? []) seen.book.update(change);
      expectTruth(sim, 'deribit', data.instrument_name, data.change_id, levelsOf(seen.book));
      seen.changes++;
    } else if (tradesOf.canHandle(message)) {
      for (const { id, symbol, price, amount, side } of tradesOf.map(message, localTimestamp) ?? []) {
        const direction = side as 'buy' | 'sell';
        expectOnTape(sim, { trade_id: id as string, instrument_name: symbol, price, amount, direction });
        books.get(symbol)!.trades++;
      }
    }
    if (isEnough()) break;
  }
});

function levelsOf(book: OrderBook) {
  const pairs = (levels: Iterable<{ price: number; amount: number }>) => [...levels].map(({ price, amount }) => [price, amount]);
  return { bids: pairs(book.bids()), asks: pairs(book.asks()) };
}
