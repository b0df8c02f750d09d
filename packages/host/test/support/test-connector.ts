import {
  type AnyAccount,
  type Connector,
  decimal,
  type FundingEvent,
  type Instrument,
  type Position,
  SpeedError,
} from '@speed-protocol/core';
import { fromLots, lotsOf, type TestVenue } from './venue.js';

export const SWAP = 'BTC/USDT:USDT';

const INSTRUMENT: Instrument = {
  ...{ venue: 'test', symbol: SWAP, venueSymbol: 'BTCUSDT', kind: 'perpetual', status: 'open' },
  ...{ base: 'BTC', quote: 'USDT', settle: 'USDT', inverse: false, fundingIntervalHours: 8 },
  ...{ contractSize: decimal('1'), tickSize: decimal('0.5'), lotSize: decimal('0.001') },
};

/** A derivatives connector around the test venue: positions follow from its trades, the mark price is set by hand. */
export class TestConnector {
  /** Live price subscriptions. */
  readonly priceListeners = new Set<(event: FundingEvent) => void>();
  readonly fundingRecords: { rate: number; time: number; markPrice: number }[] = [];
  /** Positions that trades of nobody here explain. */
  offset = 0;

  readonly connector: Connector;

  constructor(readonly venue: TestVenue) {
    const { trading } = venue;
    this.connector = {
      venue: 'test',
      capabilities: { market: { feeds: ['funding'] } },
      reference: { instruments: async () => [INSTRUMENT], instrument: instrumentOf, serverTime: async () => 0 },
      connections: () => [],
      market: {
        subscribe: async (feed, symbol, on) => {
          this.priceListeners.add(on as (event: FundingEvent) => void);
          const end = async () => void this.priceListeners.delete(on as (event: FundingEvent) => void);
          return { feed, symbol, state: 'live', closed: new Promise(() => {}), [Symbol.asyncDispose]: end };
        },
        depthSnapshot: () => Promise.reject(new SpeedError('unsupported', 'no books here')),
      },
      funding: {
        current: () => Promise.reject(new SpeedError('unsupported', 'not here')),
        history: async (symbol, { since = 0 } = {}) =>
          this.fundingRecords.filter(({ time }) => time >= since).map((each) => ({ venue: 'test', symbol, ...each })),
      },
      trading,
      account: this.#account(),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** Contracts in lots, signed, by the trades of the venue. */
  get lots(): number {
    return this.venue.trades.reduce((sum, { side, amount }) => sum + (side === 'buy' ? 1 : -1) * lotsOf(amount), this.offset);
  }

  position(): Position {
    const open = { entryPrice: decimal('100'), markPrice: null, liquidationPrice: null, unrealizedPnl: null };
    const terms = { leverage: null, marginMode: null, updatedAt: 0 };
    return { venue: 'test', symbol: SWAP, positionSide: null, amount: fromLots(this.lots), ...open, ...terms };
  }

  setMark(price: string): void {
    this.venue.price = decimal(price);
    const head = { venue: 'test', symbol: SWAP, venueSymbol: 'BTCUSDT', venueTime: null, receivedAt: 0 } as const;
    const rest = { rate: 0.0001, predictedRate: null, nextFundingTime: null, intervalHours: 8, indexPrice: null } as const;
    for (const each of this.priceListeners) each({ type: 'funding', ...head, ...rest, markPrice: Number(price) });
  }

  #account(): AnyAccount {
    const usdt = { venue: 'test', currency: 'USDT', total: decimal('1000'), free: decimal('1000') };
    return {
      ...this.venue.account,
      balances: async () => [usdt],
      positions: async () => (this.lots === 0 ? [] : [this.position()]),
      setLeverage: async () => {},
      setMarginMode: async () => {},
      hedgeMode: async () => false,
      setHedgeMode: async () => {},
    };
  }
}

async function instrumentOf(symbol: string): Promise<Instrument> {
  if (symbol !== SWAP) throw new SpeedError('not-found', `no ${symbol}; did you mean ${SWAP}?`);
  return INSTRUMENT;
}
