import type { BookMessage, ChannelSpec, PushedEvent, TradeMessage } from '@speed-protocol/protocol';
import { channelName } from '@speed-protocol/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FrameBatch } from './cell.js';
import type { Gateway } from './gateway.js';
import { Markets } from './markets.js';

const REF = { venue: 'binance', symbol: 'BTC/USDT' };
const base = { ...REF, venueSymbol: 'BTCUSDT', venueTime: 1000, receivedAt: 1010, channel: '' };
const trade = (id: string): TradeMessage => ({ ...base, type: 'trade', id, price: 1, size: 1, side: 'buy' });
const book = (sequence: number): BookMessage => ({
  type: 'book',
  ...REF,
  channel: '',
  state: 'live',
  sequence,
  ageMs: 0,
  gaps: 0,
  resyncs: 0,
  venueTime: 1000,
  receivedAt: 1000 + sequence,
  bids: [],
  asks: [],
});

let open: Map<string, (message: PushedEvent) => void>;
let markets: Markets;

beforeEach(() => {
  open = new Map();
  const gateway: Gateway = {
    connected: true,
    onConnection: () => undefined,
    call: () => Promise.reject(new Error('not asked here')),
    followAccounts: () => undefined,
    subscribe(spec: ChannelSpec, on) {
      const channel = channelName(spec);
      expect(open.has(channel), `${channel} is subscribed twice`).toBe(false);
      open.set(channel, on);
      return () => open.delete(channel);
    },
  };
  markets = new Markets(gateway, new FrameBatch(() => undefined), () => 1050);
});

const push = (channel: string, message: PushedEvent) => open.get(channel)?.(message);

describe('Markets', () => {
  it('subscribes a channel once for all who want it, and closes it with the last', () => {
    const first = markets.watch(REF, [{ feed: 'book' }, { feed: 'trade' }]);
    const second = markets.watch(REF, [{ feed: 'trade' }]);
    expect([...open.keys()]).toEqual(['book:binance:BTC/USDT', 'trade:binance:BTC/USDT']);
    first();
    first();
    expect([...open.keys()]).toEqual(['trade:binance:BTC/USDT']);
    second();
    expect(open.size).toBe(0);
  });

  it('forgets a book when its feed is closed, so that it is not shown as current later', () => {
    const close = markets.watch(REF, [{ feed: 'book' }]);
    push('book:binance:BTC/USDT', book(1));
    expect(markets.get(REF).book?.sequence).toBe(1);
    close();
    expect(markets.get(REF).book).toBeNull();
  });

  it('keeps the newest trades first and counts holes in the tape', () => {
    markets.watch(REF, [{ feed: 'trade' }]);
    for (let i = 0; i < 150; i++) push('trade:binance:BTC/USDT', trade(`${i}`));
    push('trade:binance:BTC/USDT', { ...base, type: 'gap', feed: 'trade', reason: 'disconnect' });
    const market = markets.get(REF);
    expect([market.trades.length, market.trades[0]?.id, market.tapeGaps]).toEqual([100, '149', 1]);
  });

  it('takes what a feed said before a hole for old until it speaks again', () => {
    markets.watch(REF, [{ feed: 'trade' }]);
    push('trade:binance:BTC/USDT', trade('1'));
    expect([...markets.get(REF).old]).toEqual([]);
    push('trade:binance:BTC/USDT', { ...base, type: 'gap', feed: 'trade', reason: 'disconnect' });
    expect([...markets.get(REF).old]).toEqual(['trade']);
    push('trade:binance:BTC/USDT', trade('2'));
    expect([...markets.get(REF).old]).toEqual([]);
  });

  it('measures venue to server and server to page, and a repeated book only once', () => {
    markets.watch(REF, [{ feed: 'book' }, { feed: 'trade' }]);
    push('trade:binance:BTC/USDT', trade('1'));
    push('book:binance:BTC/USDT', book(7));
    push('book:binance:BTC/USDT', book(7));
    const { venueLatency, pageLatency } = markets.get(REF);
    expect(venueLatency.quantiles([0, 0.9])).toEqual([7, 10]);
    expect(pageLatency.quantiles([0, 0.9])).toEqual([40, 43]);
  });

  it('shows why a channel ended, until it speaks again', () => {
    markets.watch(REF, [{ feed: 'trade' }]);
    push('trade:binance:BTC/USDT', { type: 'end', channel: '', error: { kind: 'not-found', message: 'delisted' } });
    expect(markets.get(REF).problems.get('trade')).toBe('delisted');
    push('trade:binance:BTC/USDT', trade('1'));
    expect(markets.get(REF).problems.size).toBe(0);
  });
});
