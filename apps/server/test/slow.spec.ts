import { CLOSE } from '@speed-protocol/protocol';
import { describe, expect, it } from 'vitest';
import { type Peer, type Running, start } from './harness.js';
import { depth, gap, quote, trade } from './venue.js';

const BTC = { venue: 'fake', symbol: 'BTC/USDT' } as const;
/** What the kernel of the two ends of a loopback socket may hold before anybody notices that nobody reads, and more. */
const MORE_THAN_THE_KERNEL_HOLDS = 40 << 20;

/** Lets the server write what it has and everybody read it. */
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Emits until the server has noticed that somebody does not read: a state was conflated away. */
async function floodUntilConflated(running: Running, levels: [number, number][]): Promise<number> {
  let sequence = 0;
  while ((await running.peerStatus()).dropped === 0) {
    for (let i = 0; i < 20; i++) running.venue.emit(depth({ kind: 'snapshot', sequence: ++sequence, bids: levels }));
    await tick();
    if (sequence * levels.length * 8 > MORE_THAN_THE_KERNEL_HOLDS) throw new Error('nothing was conflated');
  }
  return sequence;
}

describe('a client that reads slowly', () => {
  it('gets the newest state when it reads again, and less than all of them; others get all', async () => {
    await using running = await start();
    const { venue } = running;
    const [slow, good] = await Promise.all([running.peer(), running.peer()]);
    for (const peer of [slow, good]) await peer.call('subscribe', { feed: 'depth', levels: 1000, ...BTC });
    slow.socket.pause();
    const levels = Array.from({ length: 1000 }, (_, i): [number, number] => [1e6 - i, 1.2345678]);
    const sent = await floodUntilConflated(running, levels);
    venue.emit(gap('depth'));
    for (let i = 1; i <= 3; i++) venue.emit(depth({ kind: 'snapshot', sequence: sent + i, bids: levels }));
    slow.socket.resume();
    const isLast = (each: object) => 'sequence' in each && each.sequence === sent + 3;
    await Promise.all([slow.find(isLast), good.find(isLast)]);

    const sequences = (peer: Peer) => peer.events.map((each) => (each.type === 'depth' ? each.sequence : each.type));
    expect(sequences(good)).toEqual([...Array.from({ length: sent }, (_, i) => i + 1), 'gap', sent + 1, sent + 2, sent + 3]);
    const seen = sequences(slow);
    expect(seen.length).toBeLessThan(sent);
    // In order, and what stands before the gap happened before it.
    const at = seen.indexOf('gap');
    expect(seen.slice(0, at)).toEqual(seen.slice(0, at).toSorted((a, b) => Number(a) - Number(b)));
    expect(Number(seen[at - 1])).toBeLessThanOrEqual(sent);
    expect(seen.slice(at + 1)).toContain(sent + 3);
    expect(await running.metric('speed_server_outbox_conflated_total')).toBeGreaterThan(0);
  });

  it('gets every event of a lossless feed, as long as they fit', async () => {
    await using running = await start({ limits: { outboxBytes: 64 << 20 } });
    const [slow, good] = await Promise.all([running.peer(), running.peer()]);
    for (const peer of [slow, good]) await peer.call('subscribe', { feed: 'trade', ...BTC });
    slow.socket.pause();
    const count = 8000;
    for (let id = 0; id < count; id++) {
      running.venue.emit(trade(id, { venueSymbol: 'x'.repeat(2000) }));
      if (id % 100 === 0) await tick();
    }
    await good.find((each) => 'id' in each && each.id === String(count - 1));
    slow.socket.resume();
    await slow.find((each) => 'id' in each && each.id === String(count - 1));
    expect(slow.texts.slice(1)).toEqual(good.texts.slice(1));
  });

  it('is cut with a reason when it cannot catch up, and the others do not notice', async () => {
    await using running = await start({ limits: { outboxBytes: 256 << 10 } });
    const { venue } = running;
    const [slow, good] = await Promise.all([running.peer(), running.peer()]);
    for (const peer of [slow, good]) {
      await peer.call('subscribe', { feed: 'trade', ...BTC });
      await peer.call('subscribe', { feed: 'quote', ...BTC });
    }
    slow.socket.pause();
    const latencies: number[] = [];
    let sentAt = 0;
    good.socket.on('message', () => latencies.push(performance.now() - sentAt));
    let id = 0;
    while (venue.open.size > 0 && (await running.peerStatus()).cuts === 0) {
      for (let i = 0; i < 50; i++) venue.emit(trade(++id, { venueSymbol: 'x'.repeat(4000) }));
      sentAt = performance.now();
      venue.emit(quote(id));
      await good.find((each) => 'bid' in each && each.bid === id);
      if (id * 4000 > MORE_THAN_THE_KERNEL_HOLDS) throw new Error('nobody was cut');
    }
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: CLOSE.tooSlow, reason: expect.stringContaining('read faster') });
    expect((await running.peerStatus()).clients).toBe(2);
    expect(await running.metric('speed_server_cuts_total{reason="too-slow"}')).toBe(1);
    const trades = good.events.filter((each) => each.type === 'trade');
    expect(trades.map((each) => each.id)).toEqual(Array.from({ length: id }, (_, i) => String(i + 1)));
    expect(latencies.length).toBeGreaterThan(id);
    expect(venue.open.size).toBe(2);
  });

  it('is cut when it reads nothing at all for too long', async () => {
    await using running = await start({ limits: { stallMs: 200, pingMs: 100, outboxBytes: MORE_THAN_THE_KERNEL_HOLDS } });
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'trade', ...BTC });
    peer.socket.pause();
    for (let id = 0; id < 500; id++) running.venue.emit(trade(id, { venueSymbol: 'x'.repeat(60_000) }));
    // Asked by HTTP: a client that asks could be taken for a silent one on a busy machine.
    while ((await running.metric('speed_server_cuts_total{reason="stalled"}')) !== 1) await tick();
    peer.socket.resume();
    expect(await peer.closed).toMatchObject({ code: CLOSE.tooSlow, reason: expect.stringContaining('nothing was read') });
  });

  it('is cut when it is not there any more: pings stay unanswered', async () => {
    await using running = await start({ limits: { pingMs: 100 } });
    const peer = await running.peer({ autoPong: false });
    expect(await peer.closed).toMatchObject({ code: 1006 });
    expect(await running.metric('speed_server_cuts_total{reason="silent"}')).toBe(1);
  });
});

it('writes several events of one turn at once', async () => {
  await using running = await start();
  const peer = await running.peer();
  await peer.call('subscribe', { feed: 'trade', ...BTC });
  const before = await running.metric('speed_server_outbox_writes_total');
  for (let id = 0; id < 100; id++) running.venue.emit(trade(id));
  await peer.untilEvents(100);
  expect(await running.metric('speed_server_outbox_writes_total')).toBe(before + 1);
  expect(await running.metric('speed_server_events_total{feed="trade"}')).toBe(100);
  expect(await running.metric('speed_server_latency_seconds_count')).toBe(100);
});
