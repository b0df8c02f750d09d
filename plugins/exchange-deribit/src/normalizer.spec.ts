import { eventToJson, type NormalizedFrame, type RawFrame, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import manifest from './index.js';

const row = (instrument_name: string, more: object) => ({
  ...{ instrument_name, kind: 'future', instrument_type: 'reversed', is_active: true, state: 'open', settlement_period: 'month' },
  ...{ base_currency: 'BTC', quote_currency: 'USD', counter_currency: 'USD', settlement_currency: 'BTC' },
  ...{ contract_size: 10, min_trade_amount: 10, tick_size: 0.5, maker_commission: 0, taker_commission: 0.0005, ...more },
});
const LISTING = rest('/public/get_instruments?currency=any', [
  row('BTC-PERPETUAL', { settlement_period: 'perpetual' }),
  row('BTC-25DEC26-100000-C', {
    ...{ kind: 'option', strike: 100000, option_type: 'call', quote_currency: 'BTC', contract_size: 1, min_trade_amount: 0.1 },
    expiration_timestamp: Date.UTC(2026, 11, 25, 8),
  }),
]);
const AT = { venue: 'deribit', symbol: 'BTC/USD:BTC', venueSymbol: 'BTC-PERPETUAL' };
const OPTION_AT = { venue: 'deribit', symbol: 'BTC/USD:BTC-261225-100000-C', venueSymbol: 'BTC-25DEC26-100000-C' };
const TIME = 1700000000000;

function rest(path: string, result: unknown): RawFrame {
  const raw = JSON.stringify({ jsonrpc: '2.0', result, usIn: 1, usOut: 2, usDiff: 1, testnet: false });
  return { transport: 'rest', url: `https://www.deribit.com/api/v2${path}`, dir: 'in', ts: 9, raw };
}

function ws(message: unknown): RawFrame {
  const raw = typeof message === 'string' ? message : JSON.stringify(message);
  return { transport: 'ws', url: 'wss://www.deribit.com/ws/api/v2', dir: 'in', ts: 9, raw };
}

const told = (channel: string, data: unknown) => ws({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });

function normalize(frame: RawFrame): NormalizedFrame {
  const normalizer = manifest.createNormalizer('deribit');
  normalizer.normalize(LISTING);
  return normalizer.normalize(frame);
}

function events(frame: RawFrame): unknown[] {
  const result = normalize(frame);
  if (result.outcome !== 'events') throw new Error(result.outcome);
  return result.events.map((event: SpeedEvent) => JSON.parse(eventToJson(event)));
}

const named = { instrument_name: 'BTC-PERPETUAL', timestamp: TIME };
const trade = {
  ...{ ...named, trade_id: '48079573', trade_seq: 30289432, tick_direction: 2, price: 90000.5, mark_price: 90001 },
  ...{ index_price: 90002, direction: 'sell', amount: 40, contracts: 4 },
};
const ticker = {
  ...{ ...named, state: 'open', last_price: 90000, mark_price: 90001, index_price: 90002, open_interest: 1e9 },
  ...{ best_bid_price: 90000, best_bid_amount: 10, best_ask_price: 0, best_ask_amount: 0, current_funding: 1.25e-5 },
  stats: { high: 91000, low: 89000, price_change: 1.5, volume: 12.5, volume_usd: 1125000, volume_notional: 1125000 },
};
const optionTicker = {
  ...{ instrument_name: 'BTC-25DEC26-100000-C', timestamp: TIME, state: 'open', last_price: 0.05, mark_price: 0.0512 },
  ...{ mark_iv: 65.25, bid_iv: 0, ask_iv: 70.5, underlying_price: 91000.5, underlying_index: 'BTC-25DEC26', index_price: 90002 },
  ...{ best_bid_price: 0, best_bid_amount: 0, best_ask_price: 0.055, best_ask_amount: 3, open_interest: 12.5, interest_rate: 0 },
  greeks: { delta: 0.41, gamma: 1e-5, vega: 180.25, theta: -35.5, rho: 120 },
  stats: { high: 0.06, low: 0.04, price_change: 1, volume: 30.1, volume_usd: 135000 },
};
const greeks = {
  ...{ type: 'greeks', ...OPTION_AT, venueTime: TIME, delta: 0.41, gamma: 0.00001, vega: 180.25, theta: -35.5, rho: 120 },
  ...{ markIv: 0.6525, bidIv: null, askIv: 0.705, markPrice: 0.0512, underlyingPrice: 91000.5 },
};
const prices = { predictedRate: null, nextFundingTime: null, markPrice: 90001, indexPrice: 90002 };

// Written from the venue's documents; what they mean is written by hand.
const CASES: readonly (readonly [string, RawFrame, readonly object[]])[] = [
  [
    'a book',
    told('book.BTC-PERPETUAL.100ms', { type: 'snapshot', ...named, change_id: 7, bids: [['new', 90000, 20]], asks: [] }),
    [{ type: 'depth', kind: 'snapshot', ...AT, venueTime: TIME, sequence: 7, prevSequence: null, bids: [[90000, 20]], asks: [] }],
  ],
  [
    'a change of a book',
    told('book.BTC-PERPETUAL.raw', {
      ...{ type: 'change', ...named, change_id: 12, prev_change_id: 7 },
      ...{ bids: [['delete', 90000, 0]], asks: [['change', 90000.5, 1.5e3]] },
    }),
    [
      {
        ...{ type: 'depth', kind: 'delta', ...AT, venueTime: TIME, sequence: 12, prevSequence: 7 },
        ...{ bids: [[90000, 0]], asks: [[90000.5, 1500]] },
      },
    ],
  ],
  [
    'a grouped book',
    told('book.BTC-PERPETUAL.none.10.100ms', { ...named, change_id: 9, bids: [[90000, 20]], asks: [[90000.5, 30]] }),
    [
      {
        ...{ type: 'depth', kind: 'snapshot', ...AT, venueTime: TIME, sequence: 9, prevSequence: null },
        ...{ bids: [[90000, 20]], asks: [[90000.5, 30]] },
      },
    ],
  ],
  [
    'trades; the taker was liquidated in one, the maker in the other',
    told('trades.BTC-PERPETUAL.100ms', [
      { ...trade, liquidation: 'T' },
      { ...trade, liquidation: 'M' },
    ]),
    [
      { type: 'trade', ...AT, venueTime: TIME, id: '48079573', price: 90000.5, size: 40, side: 'sell' },
      { type: 'liquidation', ...AT, venueTime: TIME, side: 'sell', price: 90000.5, size: 40 },
      { type: 'trade', ...AT, venueTime: TIME, id: '48079573', price: 90000.5, size: 40, side: 'sell' },
      { type: 'liquidation', ...AT, venueTime: TIME, side: 'buy', price: 90000.5, size: 40 },
    ],
  ],
  [
    'trades of all futures, each with its own instrument',
    told('trades.future.BTC.100ms', [trade]),
    [{ type: 'trade', ...AT, id: '48079573' }],
  ],
  [
    'a quote without asks',
    told('quote.BTC-PERPETUAL', {
      ...{ ...named, best_bid_price: 90000, best_bid_amount: 10, best_ask_price: 0, best_ask_amount: 0 },
    }),
    [{ type: 'quote', ...AT, venueTime: TIME, bid: 90000, bidSize: 10, ask: null, askSize: null }],
  ],
  [
    'a ticker, which tells rates and interest too; numbers with exponents',
    told('ticker.BTC-PERPETUAL.100ms', ticker),
    [
      { type: 'ticker', ...AT, venueTime: TIME, last: 90000, open: null, high: 91000, low: 89000, volume: 1125000 },
      { type: 'funding', ...AT, venueTime: TIME, rate: 0.0000125, intervalHours: 8, ...prices },
      { type: 'openInterest', ...AT, venueTime: TIME, amount: 1000000000 },
    ],
  ],
  [
    'the ticker of an option, with its greeks and volatilities',
    told('ticker.BTC-25DEC26-100000-C.raw', optionTicker),
    [
      { type: 'ticker', ...OPTION_AT, venueTime: TIME, last: 0.05, high: 0.06, low: 0.04, volume: 30.1, quoteVolume: null },
      { type: 'openInterest', ...OPTION_AT, amount: 12.5 },
      greeks,
    ],
  ],
  [
    'the same over REST',
    rest('/public/ticker?instrument_name=BTC-25DEC26-100000-C', optionTicker),
    [{ type: 'ticker', ...OPTION_AT }, { type: 'openInterest', ...OPTION_AT }, greeks],
  ],
  [
    'the rate alone',
    told('perpetual.BTC-PERPETUAL.100ms', { timestamp: TIME, interest: -1e-5, index_price: 90002 }),
    [{ type: 'funding', ...AT, rate: -0.00001, intervalHours: 8, markPrice: null, indexPrice: 90002 }],
  ],
  [
    'a candle, its volume in dollars',
    told('chart.trades.BTC-PERPETUAL.1D', { tick: TIME, open: 1, high: 4, low: 1, close: 3, volume: 0.5, cost: 45000 }),
    [{ type: 'candle', ...AT, interval: '1d', openTime: TIME, open: 1, high: 4, low: 1, close: 3, volume: 45000, closed: false }],
  ],
  [
    'a book over REST, with what its ticker tells',
    rest('/public/get_order_book?instrument_name=BTC-PERPETUAL', { ...ticker, change_id: 7, bids: [[90000, 20]], asks: [] }),
    [
      { type: 'depth', kind: 'snapshot', ...AT, sequence: 7 },
      { type: 'ticker', ...AT },
      { type: 'funding', ...AT },
      { type: 'openInterest', ...AT },
    ],
  ],
  [
    'hours of funding',
    rest('/public/get_funding_rate_history?instrument_name=BTC-PERPETUAL', [
      { timestamp: TIME, index_price: 90002, prev_index_price: 90000, interest_1h: 1e-6, interest_8h: 9e-6 },
    ]),
    [{ type: 'funding', ...AT, venueTime: TIME, rate: 0.000001, intervalHours: 1, indexPrice: 90002 }],
  ],
];

describe('the normalizer', () => {
  it.each(CASES)('reads %s', (_, frame, expected) => {
    expect(events(frame)).toMatchObject(expected);
    expect(events(frame)).toHaveLength(expected.length);
  });

  it('knows a body without its URL by its keys', () => {
    const frame = { ...rest('', { ...ticker, change_id: 7, bids: [], asks: [] }), url: null };
    expect(events(frame)[0]).toMatchObject({ type: 'depth', ...AT });
  });

  const order = {
    ...{ order_id: '94166', instrument_name: 'BTC-PERPETUAL', direction: 'buy', order_type: 'limit', order_state: 'open' },
    ...{ price: 90000, amount: 40, filled_amount: 10, average_price: 90000, time_in_force: 'good_til_cancelled', label: 'mine' },
    ...{ post_only: true, reduce_only: false, creation_timestamp: 1, last_update_timestamp: TIME },
  };
  const fill = {
    ...{ ...trade, order_id: '94166', label: 'mine', fee: 1e-8, fee_currency: 'BTC', liquidity: 'M', profit_loss: -2.5e-7 },
    state: 'open',
  };
  const position = { ...named, size: -40, average_price: 90000, mark_price: 90001, floating_profit_loss: -1e-7, leverage: 50 };

  it('reads changes of an account: fills, then the order, then positions', () => {
    const data = { instrument_name: 'BTC-PERPETUAL', trades: [fill], orders: [order], positions: [position] };
    expect(normalize(told('user.changes.any.any.raw', data))).toMatchObject({
      outcome: 'private',
      events: [
        {
          ...{ type: 'fill', ...AT },
          fill: { tradeId: '48079573', fee: '0.00000001', realizedPnl: '-0.00000025', liquidity: 'maker', clientOrderId: 'mine' },
        },
        { type: 'order', ...AT, order: { status: 'PARTIALLY_FILLED', timeInForce: 'POST_ONLY', filled: '10', price: '90000' } },
        { type: 'position', ...AT, position: { amount: '-40', unrealizedPnl: '-0.0000001', leverage: 50, marginMode: 'cross' } },
      ],
    });
  });

  it.each([
    ['/private/get_open_orders', [order], 'order'],
    ['/private/get_user_trades_by_instrument', { trades: [fill], has_more: false }, 'fill'],
    ['/private/get_positions', [position], 'position'],
    ['/private/get_account_summaries', { summaries: [{ currency: 'BTC', balance: 1.5, available_funds: 1 }] }, 'balance'],
    ['', [order], 'order'],
  ])('reads the body of %s', (path, result, type) => {
    const frame = path === '' ? { ...rest('', result), url: null } : rest(path, result);
    expect(normalize(frame)).toMatchObject({ outcome: 'private', events: [{ type }] });
  });

  it.each([
    ['an answer', { jsonrpc: '2.0', id: 3, result: ['book.BTC-PERPETUAL.100ms'] }],
    ['a heartbeat', { jsonrpc: '2.0', method: 'heartbeat', params: { type: 'test_request' } }],
  ])('takes %s for control', (_, message) => {
    expect(normalize(ws(message))).toEqual({ outcome: 'control' });
  });

  it('names what it does not know', () => {
    expect(normalize(told('platform_state', {}))).toEqual({ outcome: 'unknown', topic: 'platform_state' });
    expect(normalize(rest('/public/get_announcements', [{ id: 1 }]))).toMatchObject({ topic: 'public/get_announcements' });
  });

  it('says what is missing where', () => {
    const frame = told('quote.BTC-PERPETUAL', { instrument_name: 'BTC-PERPETUAL' });
    expect(() => normalize(frame)).toThrow(SpeedError);
    expect(() => normalize(frame)).toThrow(/timestamp/);
  });
});
