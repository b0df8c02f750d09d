import { describe, expect, it } from 'vitest';
import type { AccountStream, StreamSink } from './account-stream.js';
import { AccountStreams } from './streams.js';
import type { User } from './users.js';

const alice: User = { name: 'alice', accounts: new Set(['a']), mayTrade: true };
const bob: User = { name: 'bob', accounts: new Set(['b']), mayTrade: true };
const operator: User = { name: 'operator', accounts: '*', mayTrade: true };

function scene({ keepMs = 1000, events = 5, bytes = 10_000, detached = 10 } = {}) {
  let now = 0;
  const streams = new AccountStreams({ keepMs, events, bytes, detached }, () => now);
  const say = (account: string, text: string, key?: string) =>
    streams.publish(account, { type: 'order', members: `"text":"${text}"}` }, key);
  return { streams, say, pass: (ms: number) => (now += ms), now: () => now };
}

class Sink implements StreamSink {
  readonly got: string[] = [];
  taken = 0;
  send(text: string): void {
    const { seq, text: said } = JSON.parse(text) as { seq: number; text: string };
    this.got.push(`${seq} ${said}`);
  }
  onTakenOver(): void {
    this.taken++;
  }
}

const attached = (stream: AccountStream, after = 0): Sink => {
  const sink = new Sink();
  stream.attach(sink, after);
  return sink;
};

describe('an event', () => {
  it('goes to users of its account and to nobody else', () => {
    const { streams, say } = scene();
    const [a, b, all] = [alice, bob, operator].map((user) => attached(streams.open(user, 'all')));
    say('a', 'one');
    say('b', 'two');
    say('c', 'three');
    expect([a!.got, b!.got, all!.got]).toEqual([['1 one'], ['1 two'], ['1 one', '2 two', '3 three']]);
  });

  it('of an order goes to the session that placed it, if its user may still use the account', () => {
    const { streams, say } = scene();
    const stream = streams.open(alice, 'own');
    const [own, other] = [attached(stream), attached(streams.open(alice, 'own'))];
    streams.own('a 1', stream);
    streams.own('b 1', stream);
    say('a', 'mine', 'a 1');
    say('a', 'another', 'a 2');
    say('b', 'not my account', 'b 1');
    say('a', 'the account as a whole');
    expect([own.got, other.got]).toEqual([['1 mine'], []]);
  });

  it('is told once to a session that follows everything and placed the order', () => {
    const { streams, say } = scene();
    const stream = streams.open(alice, 'own');
    const sink = attached(stream);
    streams.own('a 1', stream);
    streams.follow(stream, 'all');
    say('a', 'once', 'a 1');
    streams.follow(stream, 'own');
    say('a', 'mine', 'a 1');
    say('a', 'other', 'a 2');
    expect(sink.got).toEqual(['1 once', '2 mine']);
  });
});

describe('a session', () => {
  it('is found again by its user only, by its name, and not after its time', () => {
    const { streams, pass, now } = scene();
    const stream = streams.open(alice, 'all');
    const sink = attached(stream);
    expect(streams.find(stream.id, alice, 0)).toBe(stream);
    expect(streams.find(stream.id, bob, 0)).toBe('expired');
    expect(streams.find(`${stream.id}x`, alice, 0)).toBe('expired');
    expect(streams.find('of-another-start.1', alice, 0)).toBe('server-restarted');
    pass(10_000);
    expect(streams.find(stream.id, alice, 0)).toBe(stream);
    stream.detach(sink, now());
    pass(1001);
    expect(streams.find(stream.id, alice, 0)).toBe('expired');
    expect(streams.size).toBe(0);
  });

  it('tells what was missed, once and in order, while it is kept', () => {
    const { streams, say, now } = scene({ events: 5 });
    const stream = streams.open(alice, 'all');
    const first = attached(stream);
    for (const text of ['a', 'b']) say('a', text);
    stream.detach(first, now());
    for (const text of ['c', 'd']) say('a', text);
    expect(attached(stream, 2).got).toEqual(['3 c', '4 d']);
    for (const text of ['e', 'f', 'g']) say('a', text);
    expect([1, 2, 7].map((after) => stream.canResume(after))).toEqual([false, true, true]);
    expect(stream.canResume(8)).toBe(false);
    expect(attached(stream, 2).got).toEqual(['3 c', '4 d', '5 e', '6 f', '7 g']);
  });

  it('keeps the last of very many', () => {
    const { streams, say } = scene({ events: 3000, bytes: 1e7 });
    const stream = streams.open(alice, 'all');
    for (let i = 1; i <= 20_000; i++) say('a', String(i));
    const { got } = attached(stream, 17_000);
    expect([got.length, got[0], got.at(-1)]).toEqual([3000, '17001 17001', '20000 20000']);
    expect(stream.canResume(16_999)).toBe(false);
  });

  it('is bounded in characters too', () => {
    const { streams, say } = scene({ bytes: 200, events: 1000 });
    const stream = streams.open(alice, 'all');
    for (let i = 0; i < 100; i++) say('a', 'x'.repeat(50));
    expect(stream.canResume(98)).toBe(true);
    expect(stream.canResume(90)).toBe(false);
  });

  it('has one client at a time', () => {
    const { streams, say, now } = scene();
    const stream = streams.open(alice, 'all');
    const [first, second] = [attached(stream), attached(stream)];
    expect([first.taken, second.taken]).toEqual([1, 0]);
    // The end of the first one does not concern the second.
    stream.detach(first, now());
    say('a', 'text');
    expect([first.got, second.got]).toEqual([[], ['1 text']]);
  });

  it('makes room for others when too many wait for their clients: the longest unused goes', () => {
    const { streams, pass } = scene({ detached: 2 });
    const made = [1, 2, 3].map(() => {
      pass(1);
      return streams.open(alice, 'all').id;
    });
    streams.sweep();
    expect(made.map((id) => typeof streams.find(id, alice, 0))).toEqual(['string', 'object', 'object']);
  });

  it('takes what it holds with it', () => {
    const { streams } = scene();
    let disposed = 0;
    const stream = streams.open(alice, 'own');
    stream.resources.set('pnl', { [Symbol.dispose]: () => void disposed++ });
    streams.own('a 1', stream);
    streams.close();
    expect([disposed, streams.size, stream.owned.size]).toEqual([1, 0, 0]);
  });
});
