import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Peer, type Running, start } from './harness.js';
import { quote, trade } from './venue.js';

const BTC = { venue: 'fake', symbol: 'BTC/USDT' } as const;
const GOOD = 40;
const SLOW = 5;
const ROUNDS = 60;
/** Bytes of one round's trades; all rounds together are more than the kernel keeps for a client that does not read. */
const TRADE_BYTES = 6000;

/** Ms for which this thread was ready and others had the cores: no delay of ours. 0 where the system does not tell. */
function keptWaiting(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

const now = () => performance.now() - keptWaiting();

/** Sends `ROUNDS` bursts; gives the ms from each until every good client had the last of it. */
async function measure(running: Running, good: readonly Peer[], from: number, bytes: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let round = from; round < from + ROUNDS; round++) {
    const begin = now();
    for (let i = 0; i < 20; i++) running.venue.emit(trade(`${round}-${i}`, { venueSymbol: 'x'.repeat(bytes) }));
    running.venue.emit(quote(round));
    const isLast = (each: object) => 'bid' in each && each.bid === round;
    for (const peer of good) {
      await peer.find(isLast);
      latencies.push(now() - begin);
      peer.texts.length = 0;
    }
  }
  return latencies.toSorted((a, b) => a - b);
}

const p99 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;

/** What attackers do until they are told to stop: floods of nonsense, of huge and deep messages, of half-open handshakes. */
async function attack(running: Running, isOver: () => boolean): Promise<number> {
  const weapons = [
    'nonsense',
    '['.repeat(10_000),
    JSON.stringify({ id: 1, command: 'subscribe', params: { feed: 'x' } }),
    'x'.repeat(66_000),
  ];
  let sockets = 0;
  while (!isOver()) {
    const peer = await running.peer();
    sockets++;
    for (let i = 0; i < 200; i++) peer.socket.send(weapons[i % weapons.length] as string);
    await peer.closed;
  }
  return sockets;
}

it('good clients do not notice slow ones and attackers', async () => {
  await using running = await start({ limits: { outboxBytes: 1 << 20 } });
  const good = await Promise.all(Array.from({ length: GOOD }, () => running.peer()));
  for (const peer of good) for (const feed of ['trade', 'quote'] as const) await peer.call('subscribe', { feed, ...BTC });
  const alone = await measure(running, good, 0, TRADE_BYTES);

  const slow = await Promise.all(Array.from({ length: SLOW }, () => running.peer()));
  for (const peer of slow) {
    await peer.call('subscribe', { feed: 'trade', ...BTC });
    peer.socket.pause();
  }
  let isOver = false;
  const attackers = Promise.all([attack(running, () => isOver), attack(running, () => isOver)]);
  const together = await measure(running, good, ROUNDS, TRADE_BYTES);
  isOver = true;
  const waves = (await attackers).reduce((a, b) => a + b);
  expect(waves).toBeGreaterThan(2);

  const { cuts } = await running.peerStatus();
  expect(cuts).toBeGreaterThanOrEqual(SLOW);
  for (const peer of good) expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  console.log(
    `p99 ${p99(alone).toFixed(1)} ms alone, ${p99(together).toFixed(1)} ms among ${SLOW} slow clients and ${waves} attacks`,
  );
  // All run in this one process, attackers included: only a blockade is a failure.
  expect(p99(together)).toBeLessThan(Math.max(10 * p99(alone), 1000));
});
