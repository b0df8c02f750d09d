import { once } from 'node:events';
import { CLOSE } from '@speed-protocol/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { start } from './harness.js';
import { depth, trade } from './venue.js';

const BTC = { venue: 'fake', symbol: 'BTC/USDT' } as const;
/** Messages of the flood; 1000000 in the long form. */
const FLOOD = Number(process.env['SPEED_FLOOD'] ?? 20_000);
const SEED = Number(process.env['SPEED_SEED'] ?? Date.now() % 1e9);

describe('messages that are not the protocol', () => {
  const rows: [what: string, message: string | Buffer, says: string][] = [
    ['no JSON', '{"id":1,', 'not JSON'],
    ['an empty message', '', 'not JSON'],
    ['binary', Buffer.from('{"id":1,"command":"ping"}'), 'as text'],
    ['a string', '"ping"', 'expected object'],
    ['an array', '[]', 'expected object'],
    ['null', 'null', 'expected object'],
    ['an unknown field', '{"id":1,"command":"ping","parms":{}}', 'unknown key "parms"; did you mean "params"?'],
    ['an unknown parameter', '{"id":1,"command":"book","params":{"venu":"fake","symbol":"BTC/USDT"}}', 'did you mean "venue"?'],
    ['an unknown command', '{"id":1,"command":"subscrbe"}', 'did you mean "subscribe"?'],
    ['a command of a prototype', '{"id":1,"command":"toString"}', 'unknown command'],
    ['no id', '{"command":"ping"}', 'id'],
    ['an id that is an object', '{"id":{},"command":"ping"}', 'id'],
    ['__proto__', '{"id":1,"command":"ping","params":{"__proto__":{"polluted":1}}}', '"__proto__" is not allowed'],
    ['constructor', '{"id":1,"command":"ping","params":{"constructor":{}}}', '"constructor" is not allowed'],
    ['deep nesting', `{"id":1,"command":"ping","params":${'['.repeat(30)}${']'.repeat(30)}}`, 'too deeply'],
    ['very deep nesting', '['.repeat(60_000), 'not JSON'],
    ['a symbol that is none', '{"id":1,"command":"book","params":{"venue":"fake","symbol":"BTCUSDT"}}', 'BASE/QUOTE'],
    ['too many levels', '{"id":1,"command":"book","params":{"venue":"fake","symbol":"BTC/USDT","levels":1001}}', 'levels'],
    [
      'an unknown feed',
      '{"id":1,"command":"subscribe","params":{"feed":"trades","venue":"fake","symbol":"BTC/USDT"}}',
      '"trade"',
    ],
  ];
  it.each(rows)('%s', async (_, message, says) => {
    await using running = await start();
    const peer = await running.peer();
    peer.send(message);
    const reply = await peer.find((each) => 'ok' in each);
    expect(reply).toMatchObject({ ok: false, error: { kind: 'invalid-request', message: expect.stringContaining(says) } });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(await peer.call('ping', {})).toMatchObject({ time: expect.any(Number) });
  });

  it('of the wrong size or encoding close the socket', async () => {
    await using running = await start();
    const [large, broken] = await Promise.all([running.peer(), running.peer()]);
    large.send('x'.repeat((64 << 10) + 1));
    expect(await large.closed).toMatchObject({ code: CLOSE.tooBig });
    broken.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    expect(await broken.closed).toMatchObject({ code: 1007 });
    const fits = await running.peer();
    fits.send(JSON.stringify({ id: 1, command: 'x'.repeat((64 << 10) - 40) }));
    expect(await fits.find((each) => 'ok' in each)).toMatchObject({ ok: false });
  });

  it(`flood: random and mutated messages harm nobody else (seed ${SEED})`, { timeout: 300_000 }, async () => {
    await using running = await start({ limits: { badMessages: 1_000_000, commandBurst: 1_000_000 } });
    const [good, bad] = await Promise.all([running.peer(), running.peer()]);
    await good.call('subscribe', { feed: 'trade', ...BTC });
    const valid = JSON.stringify({ id: 1, command: 'subscribe', params: { feed: 'trade', ...BTC } });
    const mutated = fc
      .tuple(fc.nat(valid.length), fc.nat(valid.length), fc.string({ maxLength: 4 }))
      .map(([from, to, text]) => valid.slice(0, Math.min(from, to)) + text + valid.slice(Math.max(from, to)));
    const messages = fc.oneof(mutated, fc.json(), fc.string());
    for (let sent = 0; sent < FLOOD; sent += 10_000) {
      for (const each of fc.sample(messages, { numRuns: 10_000, seed: SEED + sent })) bad.socket.send(each);
      await bad.call('ping', {});
      expect(bad.texts.length).toBeGreaterThanOrEqual(10_000);
      bad.texts.length = 0;
    }
    running.venue.emit(trade('after'));
    expect(await good.untilEvents(1)).toMatchObject([{ id: 'after' }]);
  });

  it('in great number cut the client', async () => {
    await using running = await start({ limits: { badMessages: 10 } });
    const peer = await running.peer();
    for (let i = 0; i < 50; i++) peer.send('nonsense');
    expect(await peer.closed).toMatchObject({ code: CLOSE.policy, reason: expect.stringContaining('10 messages were refused') });
    expect(peer.messages.length).toBeLessThanOrEqual(10);
  });

  it('are pings that fill no buffer while the client does not read', async () => {
    await using running = await start();
    const peer = await running.peer();
    const pong = once(peer.socket, 'pong');
    peer.socket.ping('hello');
    expect(String((await pong)[0])).toBe('hello');
  });
});

describe('what one client may take', () => {
  it('256 subscriptions, and again after some were given back', async () => {
    await using running = await start();
    const peer = await running.peer();
    const subscribe = (i: number) => ({ feed: 'trade', venue: 'fake', symbol: `C${i}/USDT` }) as const;
    await Promise.all(Array.from({ length: 256 }, (_, i) => peer.call('subscribe', subscribe(i))));
    expect(await peer.failure('subscribe', subscribe(256))).toMatchObject({
      kind: 'rate-limited',
      message: expect.stringContaining('256'),
    });
    await peer.call('subscribe', subscribe(0));
    await peer.call('unsubscribe', { channel: 'trade:fake:C0/USDT' });
    await peer.call('subscribe', subscribe(256));
    expect(running.venue.open.size).toBe(256);
    peer.socket.terminate();
    await running.venue.untilOpen(0);
  });

  it('counts subscriptions that are on their way', async () => {
    await using running = await start({ limits: { subscriptions: 2 } });
    const peer = await running.peer();
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, i) => peer.reply('subscribe', { feed: 'trade', venue: 'fake', symbol: `C${i}/USDT` })),
    );
    expect(replies.filter(({ ok }) => ok)).toHaveLength(2);
    await running.venue.untilOpen(2);
  });

  it('a burst of commands, then so many a second', async () => {
    await using running = await start({ limits: { commandBurst: 20, commandsPerSecond: 10 } });
    const peer = await running.peer();
    const replies = await Promise.all(Array.from({ length: 40 }, () => peer.reply('ping')));
    expect(replies.slice(0, 20).every(({ ok }) => ok)).toBe(true);
    const refused = replies.filter((each) => !each.ok);
    expect(refused.length).toBeGreaterThan(15);
    expect(refused[0]).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: expect.any(Number) } });
  });

  it('as many clients as configured; others are told to come later', async () => {
    await using running = await start({ limits: { clients: 2 } });
    await running.peer();
    const second = await running.peer();
    const refused = new WebSocket(running.server.webSocketUrl);
    const [, response] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(503);
    refused.on('error', () => undefined);
    refused.terminate();
    second.socket.close();
    await second.closed;
    await running.peer();
  });
});

it('books that were asked for stay open for the next question, but only some of them', async () => {
  await using running = await start();
  const peer = await running.peer();
  for (let i = 0; i < 40; i++) {
    const opened = running.venue.untilSubscribed(i + 1);
    const answer = peer.call('book', { venue: 'fake', symbol: `C${i}/USDT` });
    await opened;
    running.venue.emit({ ...depth({ kind: 'snapshot' }), symbol: `C${i}/USDT` });
    await answer;
  }
  await running.venue.untilOpen(16);
  await peer.call('book', { venue: 'fake', symbol: 'C39/USDT' });
  expect(running.venue.subscribed).toBe(40);
});

describe('a token', () => {
  const token = 'a-token-of-some-length';

  it('is needed before anything else, in a header or in the first command', async () => {
    await using running = await start({ token });
    const [plain, header] = await Promise.all([running.peer(), running.peer({ headers: { Authorization: `Bearer ${token}` } })]);
    expect(await plain.failure('ping')).toMatchObject({ kind: 'unauthorized' });
    expect(await plain.call('auth', { token })).toEqual({ authenticated: true });
    expect(await plain.call('ping', {})).toBeDefined();
    expect(await header.call('ping', {})).toBeDefined();
  });

  it('that is wrong closes the socket, or refuses the upgrade', async () => {
    await using running = await start({ token });
    const peer = await running.peer();
    expect(await peer.failure('auth', { token: 'a-token-of-some-lengthx' })).toMatchObject({ kind: 'unauthorized' });
    expect(await peer.closed).toMatchObject({ code: CLOSE.unauthorized });
    await expect(running.peer({ headers: { Authorization: 'Bearer wrong' } })).rejects.toThrow('401');
  });

  it('must come soon, and little before it', async () => {
    await using hasty = await start({ token, limits: { authMs: 50 } });
    const silent = await hasty.peer();
    expect(await silent.closed).toMatchObject({ code: CLOSE.unauthorized, reason: expect.stringContaining('no token') });
    await using running = await start({ token, limits: { authBytes: 200 } });
    const talkative = await running.peer();
    talkative.send({ id: 1, command: 'ping', params: { padding: 'x'.repeat(300) } });
    expect(await talkative.closed).toMatchObject({ code: CLOSE.unauthorized, reason: expect.stringContaining('too much') });
  });

  it('guards the metrics, and appears nowhere', async () => {
    await using running = await start({ token });
    const get = (headers: Record<string, string> = {}) => fetch(`${running.server.url}metrics`, { headers });
    expect((await get()).status).toBe(401);
    expect((await get({ Authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await fetch(`${running.server.url}health`)).status).toBe(200);
    const peer = await running.peer({ headers: { Authorization: `Bearer ${token}` } });
    await peer.call('describe', {});
    await peer.call('status', {});
    expect(JSON.stringify([peer.texts, running.server.config])).not.toContain(token);
  });
});

it('gives up a command that nobody answers, and says so', async () => {
  await using running = await start({ limits: { commandMs: 50 } });
  const { asked } = running.venue.holdSubscribe();
  const peer = await running.peer();
  expect(await peer.failure('book', BTC)).toEqual({ kind: 'timeout', message: 'No answer within 50 ms' });
  await asked;
  expect(await peer.failure('subscribe', { feed: 'trade', ...BTC })).toMatchObject({ kind: 'timeout' });
  expect((await peer.call('status', {})).channels).toEqual([]);
});
