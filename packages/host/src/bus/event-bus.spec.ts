import { levelsFromPairs, levelsToPairs, type SpeedEvent } from '@speed-protocol/core';
import { expect, it, vi } from 'vitest';
import { EventBus } from './event-bus.js';

const trade = (id: string): SpeedEvent => ({
  type: 'trade',
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: 1,
  receivedAt: 2,
  id,
  price: 1,
  size: 1,
  side: 'buy',
});
const id = (event: SpeedEvent) => (event.type === 'trade' ? event.id : event.type);

it('calls listeners synchronously, in order, and the others although one throws', () => {
  const error = vi.fn();
  const bus = new EventBus({ debug() {}, info() {}, warn() {}, error });
  const seen: string[] = [];
  bus.on('t', (event) => seen.push(`a${id(event)}`));
  bus.on('t', () => {
    throw new Error('mine');
  });
  bus.on('t', (event) => seen.push(`b${id(event)}`));
  for (const each of ['1', '2', '3']) bus.channel('t').publish(trade(each));
  expect(seen).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  expect(bus.stats().errors).toBe(3);
  expect(error).toHaveBeenCalledTimes(2);
});

it('does not call a listener that was removed, or one that was added, during the call', () => {
  const bus = new EventBus();
  const seen: string[] = [];
  bus.on('t', () => {
    stop();
    bus.on('t', () => seen.push('late'));
  });
  const stop = bus.on('t', () => seen.push('removed'));
  bus.channel('t').publish(trade('1'));
  expect(seen).toEqual([]);
  bus.channel('t').publish(trade('2'));
  expect(seen).toEqual(['late']);
});

it('queues losslessly up to a bound, counts what it drops and says where', async () => {
  const bus = new EventBus();
  const queue = bus.queue(['t'], { policy: 'lossless', capacity: 2 });
  for (const each of ['1', '2', '3', '4']) bus.channel('t').publish(trade(each));
  expect(bus.stats()).toMatchObject({ dropped: 2, listeners: 1 });
  const { value } = await queue.next();
  expect(value?.map(id)).toEqual(['1', '2', 'gap']);
  expect(value?.[2]).toMatchObject({ type: 'gap', feed: 'trade', reason: 'overflow', venue: 'binance' });
  await queue.return();
  expect(bus.stats()).toMatchObject({ dropped: 2, listeners: 0 });
});

it('fails the consumer instead, where that was chosen', async () => {
  const bus = new EventBus();
  const queue = bus.queue(['t'], { policy: 'lossless', capacity: 1, overflow: 'fail' });
  for (const each of ['1', '2']) bus.channel('t').publish(trade(each));
  expect((await queue.next()).value).toHaveLength(1);
  await expect(
    (async () => {
      for await (const batch of queue) expect(batch).toEqual([]);
    })(),
  ).rejects.toMatchObject({ kind: 'unavailable' });
});

it('keeps the newest state per channel', async () => {
  const bus = new EventBus();
  const queue = bus.queue(['t', 'u'], { policy: 'conflate' });
  for (const each of ['1', '2', '3']) bus.channel('t').publish(trade(each));
  bus.channel('u').publish(trade('9'));
  expect((await queue.next()).value?.map(id)).toEqual(['3', '9']);
  expect(bus.stats()).toMatchObject({ conflated: 2, dropped: 0 });
});

it('copies the levels of what it queues', async () => {
  const bus = new EventBus();
  const queue = bus.queue(['d'], { policy: 'lossless' });
  const bids = levelsFromPairs([[1, 2]]);
  const { id: _id, price: _price, size: _size, side: _side, ...base } = trade('') as Extract<SpeedEvent, { type: 'trade' }>;
  bus.channel('d').publish({ ...base, type: 'depth', kind: 'snapshot', sequence: 1, prevSequence: null, bids, asks: bids });
  bids.values.fill(0);
  const [event] = (await queue.next()).value ?? [];
  expect(event?.type === 'depth' && levelsToPairs(event.bids)).toEqual([[1, 2]]);
});

it('ends a queue whose signal was aborted before it began', async () => {
  const bus = new EventBus();
  const queue = bus.queue(['t'], { policy: 'lossless', signal: AbortSignal.abort() });
  await expect(queue.next()).rejects.toMatchObject({ kind: 'aborted' });
  expect(bus.stats().listeners).toBe(0);
  bus.release('t');
  expect(bus.stats().channels).toBe(0);
});
