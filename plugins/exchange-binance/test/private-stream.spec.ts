import type { Connector, PrivateEvent } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import { ManualClock } from './support/manual-clock.js';
import { type Asked, OrderVenue } from './support/order-venue.js';

const VENUES = ['binance', 'binanceusdm', 'binancecoinm'] as const;
type VenueId = (typeof VENUES)[number];
/** Where the stream of the second key is; spot has no keys. */
const PATHS = {
  binance: '/ws-api/v3',
  binanceusdm: '/private/ws?listenKey=key',
  binancecoinm: '/ws/key',
} as const;
const SYMBOLS = { binance: 'BTC/USDT', binanceusdm: 'BTC/USDT:USDT', binancecoinm: 'BTC/USD:BTC' } as const;
const VENUE_SYMBOLS = { binance: 'BTCUSDT', binanceusdm: 'BTCUSDT', binancecoinm: 'BTCUSD_PERP' } as const;

let venue: OrderVenue;
let clock: ManualClock;
const open: AsyncDisposable[] = [];
let keys: number;

beforeEach(async () => {
  venue = await OrderVenue.start();
  clock = new ManualClock();
  keys = 0;
  venue.answer = answer;
});
afterEach(async () => {
  const closing = open.splice(0).map((each) => Promise.resolve(each[Symbol.asyncDispose]()));
  let done = false;
  void Promise.all(closing).then(() => {
    done = true;
  });
  await clock.until(() => done);
  await venue[Symbol.asyncDispose]();
});

function answer(asked: Asked): void {
  if (asked.what.endsWith('/listenKey')) asked.ok({ listenKey: `key${asked.what.startsWith('POST') ? ++keys : keys}` });
  else asked.ok({ subscriptionId: 0 });
}

async function listen(id: VenueId) {
  const config = { environment: 'sim', origin: venue.origin, apiKey: 'key', secret: 'secret' };
  const connector = manifest.create(id, { config, clock }) as unknown as Connector;
  open.push(connector);
  const events: PrivateEvent[] = [];
  const states = () => events.filter((event) => event.type === 'stream').map((event) => event.state);
  const subscribed = connector.account!.subscribe((event) => events.push(event));
  return { connector, events, states, subscribed };
}

/** A fill of an own order, as each product tells it. */
function fillMessage(id: VenueId, clientOrderId: string): unknown {
  const common = { s: VENUE_SYMBOLS[id], c: clientOrderId, S: 'BUY', o: 'LIMIT', f: 'GTC', q: '2', p: '50000', x: 'TRADE' };
  const trade = { X: 'PARTIALLY_FILLED', i: 77, l: '1', z: '1', L: '49999', n: '0.1', N: 'BNB', T: 1795132800099, t: 5, m: true };
  if (id !== 'binance') {
    const o = { ...common, ...trade, ap: '49999', ot: 'LIMIT', R: false, ps: 'BOTH', rp: '0.5', er: '0' };
    return { e: 'ORDER_TRADE_UPDATE', E: 1795132800100, T: 1795132800099, o };
  }
  const event = { e: 'executionReport', E: 1795132800100, ...common, ...trade, C: '', r: 'NONE', Z: '49999' };
  return { subscriptionId: 0, event };
}

describe.each(VENUES)('%s', (id) => {
  it('tells fills before the order they made, with unified symbols', async () => {
    const { events, subscribed } = await listen(id);
    await subscribed;
    expect(venue.peers[0]?.path.startsWith(PATHS[id])).toBe(true);
    venue.push(fillMessage(id, 'speed-1'));
    await clock.until(() => events.length === 3);
    const symbol = SYMBOLS[id];
    expect(events.map(({ type }) => type)).toEqual(['stream', 'fill', 'order']);
    const realizedPnl = id === 'binance' ? null : '0.5';
    const fill = { tradeId: '5', venueOrderId: '77', clientOrderId: 'speed-1', price: '49999', amount: '1', liquidity: 'maker' };
    expect(events[1]).toMatchObject({
      symbol,
      venueTime: 1795132800100,
      fill: { ...fill, fee: '0.1', feeCurrency: 'BNB', realizedPnl },
    });
    const order = { clientOrderId: 'speed-1', status: 'PARTIALLY_FILLED', filled: '1', amount: '2', averagePrice: '49999' };
    expect(events[2]).toMatchObject({ symbol, order: { ...order, updatedAt: 1795132800099 } });
  });

  it('heals after a cut, and says down and up', async () => {
    const { states, subscribed, events } = await listen(id);
    await subscribed;
    for (let cuts = 1; cuts <= 3; cuts++) {
      venue.peers[0]!.socket.terminate();
      await clock.until(() => states().length === 1 + 2 * cuts);
    }
    expect(states()).toEqual(['up', 'down', 'up', 'down', 'up', 'down', 'up']);
    venue.push(fillMessage(id, 'speed-2'));
    await clock.until(() => events.at(-1)?.type === 'order');
    expect(venue.peers).toHaveLength(1);
  });

  it('notices a connection that is dead without saying so', async () => {
    const { states, subscribed } = await listen(id);
    await subscribed;
    const [peer] = venue.peers;
    // Neither answers pings nor closes.
    peer!.socket.pause();
    await clock.until(() => states().includes('down'));
    await clock.until(() => states().length === 3);
    expect(states()).toEqual(['up', 'down', 'up']);
  });

  it('waits for a venue that is not there yet', async () => {
    venue.closed = true;
    const { subscribed, states } = await listen(id);
    let failures = 0;
    await clock.until(() => ++failures > 50);
    expect(states()).toEqual([]);
    venue.closed = false;
    let up = false;
    void subscribed.then(() => {
      up = true;
    });
    await clock.until(() => up);
    expect(states()).toEqual(['up']);
  });

  it('gives up at once where the key is refused', async () => {
    venue.answer = (asked) => asked.refuse(401, -2015, 'Invalid API-key, IP, or permissions for action.');
    const { subscribed } = await listen(id);
    await expect(subscribed).rejects.toMatchObject({ kind: 'unauthorized', venueCode: '-2015' });
    await clock.until(() => venue.peers.length === 0);
  });

  it('makes a new connection when the venue ends the old one', async () => {
    const { states, subscribed, events } = await listen(id);
    await subscribed;
    const ending = id === 'binance' ? { event: { e: 'eventStreamTerminated', E: 1 } } : { e: 'listenKeyExpired', E: 1 };
    venue.push(ending);
    await clock.until(() => states().length === 3);
    expect(states()).toEqual(['up', 'down', 'up']);
    expect(events[1]).toMatchObject({ state: 'down', reason: id === 'binance' ? 'eventStreamTerminated' : 'listenKeyExpired' });
    if (id !== 'binance') expect(venue.peers.at(-1)?.path).toBe(`${PATHS[id]}2`);
  });

  it('asks anew rather than trust after a message that it cannot read', async () => {
    const { states, subscribed } = await listen(id);
    await subscribed;
    const broken =
      id === 'binance' ? { event: { e: 'executionReport', s: 'BTCUSDT' } } : { e: 'ORDER_TRADE_UPDATE', E: 1, o: {} };
    venue.push(broken);
    await clock.until(() => states().length === 3);
    expect(states()).toEqual(['up', 'down', 'up']);
  });

  it('takes what it does not know, and what moves nothing, without a word', async () => {
    const { events, subscribed } = await listen(id);
    await subscribed;
    for (const message of [
      { e: 'NEW_KIND', E: 1 },
      { e: 'MARGIN_CALL', E: 1 },
      { e: 'balanceUpdate' },
      { e: 'TRADE_LITE' },
      [1],
      null,
    ]) {
      venue.push(id === 'binance' ? { subscriptionId: 0, event: message } : message);
    }
    venue.push(fillMessage(id, 'speed-3'));
    await clock.until(() => events.length === 3);
    expect(events.map(({ type }) => type)).toEqual(['stream', 'fill', 'order']);
  });

  it('is one connection for all who listen, and ends with the last of them', async () => {
    const { connector, events, subscribed } = await listen(id);
    const first = await subscribed;
    const others: PrivateEvent[] = [];
    const second = await connector.account!.subscribe((event) => {
      others.push(event);
      throw new Error('a listener that fails');
    });
    venue.push(fillMessage(id, 'speed-4'));
    await clock.until(() => events.length === 3 && others.length === 2);
    expect(venue.peers).toHaveLength(1);
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    venue.push(fillMessage(id, 'speed-5'));
    await clock.until(() => others.length === 4);
    expect(events).toHaveLength(3);
    await second[Symbol.asyncDispose]();
    await clock.until(() => venue.peers.length === 0);
    const again = await connector.account!.subscribe((event) => events.push(event));
    expect(venue.peers).toHaveLength(1);
    await again[Symbol.asyncDispose]();
  });
});

describe.each(['binanceusdm', 'binancecoinm'] as const)('listen keys of %s', (id) => {
  const prolongations = () => venue.whats('rest').filter((what) => what.startsWith('PUT')).length;

  it('are prolonged before they run out', async () => {
    const { subscribed, states } = await listen(id);
    await subscribed;
    const start = clock.now();
    await clock.until(() => prolongations() === 2, 1_000);
    expect(clock.now() - start).toBeLessThan(60 * 60_000);
    expect(states()).toEqual(['up']);
  });

  it('are prolonged again soon after a failure, and replaced when gone', async () => {
    const { subscribed, states } = await listen(id);
    await subscribed;
    venue.answer = (asked) => (asked.what.startsWith('PUT') ? asked.refuse(400, -1000, 'later') : answer(asked));
    await clock.until(() => prolongations() >= 1, 1_000);
    venue.answer = (asked) =>
      asked.what.startsWith('PUT') ? asked.refuse(400, -1125, 'This listenKey does not exist.') : answer(asked);
    await clock.until(() => states().length === 3, 1_000);
    expect(states()).toEqual(['up', 'down', 'up']);
    expect(keys).toBe(2);
  });
});
