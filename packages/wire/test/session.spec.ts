import { silentLogger } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, type Session, type SessionTimings, type SocketSpec } from '../src/index.js';
import { RecordingTopic } from './support/recording-topic.js';
import { ToyVenue, toySocket } from './support/toy-venue.js';
import { settle, VirtualClock } from './support/virtual-clock.js';

let venue: ToyVenue;
let clock: VirtualClock;
let session: Session;

beforeEach(async () => {
  venue = await ToyVenue.start();
  clock = new VirtualClock();
});

afterEach(async () => {
  await session.close();
  await venue.close();
});

function open(changes: Partial<SocketSpec> = {}, timings: Partial<SessionTimings> = {}): Session {
  const spec = toySocket(venue.url, changes);
  session = openSession({ spec, clock, logger: silentLogger, random: () => 0.5, timings });
  return session;
}

function topics(count: number, staleAfterMs?: number): RecordingTopic[] {
  return Array.from({ length: count }, (_, i) => {
    const topic = new RecordingTopic(`t${i}`, staleAfterMs);
    session.add(topic);
    return topic;
  });
}

const acknowledged = (...all: RecordingTopic[]) => all.every((topic) => topic.log.at(-1) === 'acknowledged');

/** Topics in place on a connection. */
async function subscribed(count = 1, staleAfterMs?: number): Promise<RecordingTopic[]> {
  const all = topics(count, staleAfterMs);
  await clock.until(() => acknowledged(...all));
  return all;
}

describe('subscribing', () => {
  it('opens no connection before the first topic and routes its frames, stamped on receipt', async () => {
    open();
    expect(session.connections()).toEqual([]);
    const [topic] = await subscribed();
    const before = clock.now();
    venue.push('t0', { n: 7 });
    await settle(() => topic!.numbers.length === 1);
    expect(topic!.numbers).toEqual([7]);
    expect(topic!.receivedAt).toEqual([before]);
    expect(session.connections()).toMatchObject([{ name: 'toy#1', state: 'open', topics: 1, reconnects: 0 }]);
  });

  it('packs topics into messages up to the limit', async () => {
    open({ limits: { topicsPerConnection: 100, topicsPerMessage: 10, messagesPerSecond: 100 } });
    await subscribed(25);
    expect(venue.peers[0]!.requests.map((request) => request.topics.length)).toEqual([10, 10, 5]);
  });

  it('opens more connections when one is full', async () => {
    open({ limits: { topicsPerConnection: 10, topicsPerMessage: 10, messagesPerSecond: 100 } });
    await subscribed(25);
    expect(venue.peers.map((peer) => peer.topics.size)).toEqual([10, 10, 5]);
  });

  it('never sends faster than the venue allows, and drops nothing', async () => {
    open({ limits: { topicsPerConnection: 100, topicsPerMessage: 1, messagesPerSecond: 3 } });
    const all = topics(10);
    await clock.until(() => venue.accepted === 1);
    const seconds: number[] = [];
    for (let before = 0, i = 0; i < 3; i++) {
      await clock.advance(0);
      await settle(() => false, 20);
      seconds.push(venue.peers[0]!.requests.length - before);
      before = venue.peers[0]!.requests.length;
      await clock.advance(1_000);
    }
    expect(seconds).toEqual([3, 3, 3]);
    await clock.until(() => acknowledged(...all));
  });

  it('asks again, and says so, when no acknowledgement comes', async () => {
    venue.answers = 'none';
    open({}, { ackTimeoutMs: 2_000 });
    const [topic] = topics(1);
    await clock.until(() => venue.peers[0]?.requests.length === 1);
    await clock.advance(3_000);
    venue.answers = 'all';
    await clock.until(() => acknowledged(topic!));
    expect(venue.peers[0]!.requests.length).toBeGreaterThan(1);
  });

  it('takes data for an acknowledgement', async () => {
    venue.answers = 'silently';
    open({}, { ackTimeoutMs: 2_000 });
    const [topic] = topics(1);
    await clock.until(() => venue.peers[0]?.topics.has('t0') === true);
    await clock.advance(1_000);
    venue.push('t0', { n: 1 });
    await clock.until(() => acknowledged(topic!));
    expect(venue.peers[0]!.requests).toHaveLength(1);
  });

  it('replaces a connection that answers nothing at all', async () => {
    venue.answers = 'none';
    open({}, { ackTimeoutMs: 2_000 });
    const [topic] = topics(1);
    await clock.until(() => venue.accepted === 2);
    venue.answers = 'all';
    await clock.until(() => acknowledged(topic!));
  });

  it('finds the one refused topic in a batch; the others live', async () => {
    venue.refused.add('t3');
    open();
    const all = topics(10);
    const [bad] = all.splice(3, 1);
    await clock.until(() => acknowledged(...all));
    expect(bad!.log.at(-1)).toBe('refused: no topic t3');
    expect(session.connections()).toMatchObject([{ topics: 9 }]);
  });

  it('unsubscribes what is not wanted, and closes a connection without topics after a while', async () => {
    open({}, { lingerMs: 2_000 });
    const [one, two] = await subscribed(2);
    session.remove(one!);
    session.remove(one!);
    await clock.until(() => !venue.peers[0]!.topics.has('t0'));
    expect(venue.peers[0]!.requests.filter((request) => request.op === 'unsubscribe')).toHaveLength(1);
    expect(session.connections()).toMatchObject([{ state: 'open', topics: 1 }]);
    session.remove(two!);
    await clock.until(() => venue.peers.length === 0);
    expect(session.connections()).toEqual([]);
  });

  it('leaves and joins again in order when a topic comes back at once', async () => {
    open();
    const [old] = await subscribed();
    const again = new RecordingTopic('t0');
    session.remove(old!);
    session.add(again);
    await clock.until(() => acknowledged(again));
    expect(venue.peers[0]!.requests.map((request) => request.op)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    venue.push('t0', { n: 1 });
    await settle(() => again.numbers.length === 1);
    expect([old!.numbers, again.numbers]).toEqual([[], [1]]);
  });
});

describe('a connection that ends', () => {
  it.each([
    ['is cut', (v: ToyVenue) => v.peers[0]!.socket.terminate()],
    ['is closed cleanly', (v: ToyVenue) => v.peers[0]!.socket.close(1000)],
  ])('is followed by another that carries every topic: it %s (break-it: resubscription)', async (_, end) => {
    open();
    const all = await subscribed(25);
    end(venue);
    await clock.until(() => all.every((topic) => topic.log.includes('detached: disconnect')));
    await clock.until(() => acknowledged(...all));
    venue.push('t7', { n: 8 });
    await settle(() => all[7]!.numbers.length === 1);
    expect(all[7]!.numbers).toEqual([8]);
    expect(venue.accepted).toBe(2);
    expect(session.connections()).toMatchObject([{ state: 'open', topics: 25, reconnects: 1 }]);
  });

  it('is retried ever more slowly while the venue is down, and topics are told', async () => {
    open({}, { backoffBaseMs: 100, backoffMaxMs: 1_000 });
    const [topic] = await subscribed();
    const { port } = venue;
    await venue.close();
    await clock.until(() => topic!.log.filter((line) => line === 'unreachable: connection').length === 3);
    const waited = session.connections()[0]!.reconnects;
    expect(waited).toBeGreaterThanOrEqual(3);
    venue = await ToyVenue.start(port);
    await clock.until(() => acknowledged(topic!));
  });

  it('that was never quiet for the heartbeat but is half open is noticed', async () => {
    open({ heartbeat: { everyMs: 4_000, timeoutMs: 2_000, when: 'idle' } });
    const [topic] = await subscribed();
    await clock.advance(20_000);
    expect(venue.accepted, 'pongs keep it alive').toBe(1);
    venue.halfOpen = true;
    await clock.until(() => topic!.log.includes('detached: disconnect'), 8_000);
    venue.halfOpen = false;
    await clock.until(() => acknowledged(topic!));
    expect(venue.accepted).toBe(2);
  });

  it('is not taken for dead because the process stood still: what has arrived is read first', async () => {
    open({ heartbeat: { everyMs: 4_000, timeoutMs: 2_000, when: 'idle' } });
    const [topic] = await subscribed();
    venue.halfOpen = true;
    await clock.advance(4_600);
    venue.halfOpen = false;
    venue.push('t0', { n: 3 });
    clock.standStill(60_000);
    await settle(() => topic!.numbers.length === 1);
    await clock.advance(10_000);
    expect(topic!.numbers).toEqual([3]);
    expect(venue.accepted).toBe(1);
  });

  it('loses nothing to frames that nobody can read', async () => {
    open();
    const [topic] = await subscribed();
    for (const text of ['', '{', '{"topic":"t0"', '{"topic":"t0","n":"x"}', '{"topic":"none","n":1}', '\u0000\uffff']) {
      venue.pushText('t0', text);
    }
    venue.push('t0', { n: 5 });
    await settle(() => topic!.numbers.length === 1);
    expect(topic!.numbers).toEqual([5]);
    expect(venue.accepted).toBe(1);
  });
});

describe('proof of life', () => {
  it.each([
    ['text', () => 'ping', /^ping$/],
    ['JSON', (id: number) => JSON.stringify({ type: 'ping', n: id }), /^\{"type":"ping","n":\d+\}$/],
  ])('sends %s pings as often as the venue demands', async (_, message, expected) => {
    open({ heartbeat: { everyMs: 1_000, timeoutMs: 60_000, when: 'always', message } });
    await subscribed();
    for (let i = 0; i < 3; i++) {
      await clock.until(() => venue.peers[0]!.texts.length > i, 2_000);
      venue.send(venue.peers[0]!, 'pong');
      await settle(() => false, 5);
    }
    for (const text of venue.peers[0]!.texts) expect(text).toMatch(expected);
  });

  it('answers a question of the server', async () => {
    open();
    await subscribed();
    venue.send(venue.peers[0]!, 'are you there 1');
    await settle(() => venue.peers[0]!.texts.length > 0);
    expect(venue.peers[0]!.texts).toEqual(['here: are you there 1']);
  });
});

describe('a rotation', () => {
  it.each([
    ['before the venue cuts old connections', async () => clock.until(() => venue.accepted === 2)],
    ['when the venue announces a shutdown', async () => venue.send(venue.peers[0]!, 'bye')],
  ])('has the new connection in place before the old one goes: %s', async (_, cause) => {
    open({ maxAgeMs: 60_000 });
    const [topic] = await subscribed();
    await cause();
    await clock.until(() => venue.peers.some((peer) => peer.number === 2 && peer.topics.has('t0')));
    expect(venue.peers).toHaveLength(2);
    venue.push('t0', { n: 1 });
    await clock.until(() => venue.peers.length === 1);
    expect(venue.peers[0]!.number).toBe(2);
    expect(topic!.log).toEqual(['attach', 'acknowledged', 'attach', 'acknowledged']);
  });

  it('ends after the longest overlap when the new connection stays silent', async () => {
    open({ maxAgeMs: 60_000 }, { overlapMs: 10_000 });
    const [topic] = await subscribed();
    await clock.until(() => venue.peers.length === 2);
    await clock.until(() => venue.peers.length === 1, 15_000);
    expect(topic!.log.at(-1)).toBe('take over');
  });

  it('goes on alone when the old connection dies in between', async () => {
    open({ maxAgeMs: 60_000 });
    const [topic] = await subscribed();
    await clock.until(() => venue.peers.some((peer) => peer.number === 2 && peer.topics.has('t0')));
    venue.peers.find((peer) => peer.number === 1)!.socket.terminate();
    await settle(() => venue.peers.length === 1);
    await clock.advance(5_000);
    expect(venue.accepted).toBe(2);
    expect(topic!.log).toContain('detached: disconnect');
    expect(session.connections()).toMatchObject([{ state: 'open', topics: 1 }]);
  });
});

describe('a silent subscription', () => {
  it('of a quiet market costs a probe now and then, ever more rarely, and nothing else', async () => {
    open();
    const [topic] = topics(1, 1_000);
    let probes = 0;
    topic!.probe = async () => {
      probes++;
      return 'quiet';
    };
    await clock.until(() => acknowledged(topic!));
    await clock.advance(60_000);
    expect(probes).toBeGreaterThanOrEqual(3);
    expect(probes).toBeLessThan(8);
    expect(topic!.log).toEqual(['attach', 'acknowledged']);
  });

  it('that misses news is renewed, then its connection is replaced', async () => {
    open({}, { rotateEveryMs: 0 });
    const [topic, other] = topics(2, 1_000);
    topic!.probe = async () => 'moved';
    other!.probe = async () => 'quiet';
    await clock.until(() => topic!.log.includes('detached: stale'));
    await clock.until(() => venue.peers[0]!.requests.some((request) => request.op === 'unsubscribe'));
    expect(venue.accepted).toBe(1);
    await clock.until(() => venue.accepted === 2);
    expect(other!.log.some((line) => line.startsWith('detached'))).toBe(false);
  });

  it('that speaks again after being renewed is left alone', async () => {
    open({}, { rotateEveryMs: 0 });
    const [topic] = topics(1, 2_000);
    topic!.probe = async () => 'moved';
    venue.onSubscribe = (peer, key) => venue.send(peer, JSON.stringify({ topic: key, n: peer.requests.length }));
    await clock.until(() => topic!.log.includes('detached: stale'));
    await clock.until(() => topic!.numbers.length === 2);
    expect(venue.accepted).toBe(1);
  });
});
