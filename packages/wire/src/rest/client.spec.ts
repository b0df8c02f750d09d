import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../../test/support/http-server.js';
import { closeAll, failure, rig, untilSettled } from '../../test/support/rest-rig.js';
import { turn } from '../../test/support/virtual-clock.js';

afterEach(closeAll);

describe('a call', () => {
  it('sends parameters where the row says, percent-encoded, without the absent ones', async () => {
    const { server, client } = await rig();
    await client.call('depth', { symbol: '币安USDT', limit: 5, nothing: undefined, none: null });
    await client.call('account', { id: 'a/b', x: 1 });
    await client.call('order', { symbol: 'BTC', price: '1.0' });
    await client.call('note', { text: 'hi' });
    expect(server.seen.map(({ method, url }) => `${method} ${url.replace(/timestamp=\d+/, 'timestamp=T')}`)).toEqual([
      'GET /depth?symbol=%E5%B8%81%E5%AE%89USDT&limit=5',
      'GET /account/a%2Fb?x=1&timestamp=T',
      'POST /order',
      'PUT /note',
    ]);
    expect(server.seen[2]?.body).toMatch(/^symbol=BTC&price=1\.0&timestamp=\d+$/);
    expect(server.seen[2]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(server.seen[3]?.body).toBe('{"text":"hi"}');
    expect(server.seen[3]?.headers['x-key']).toBe('k');
  });

  it('keeps ids beyond 2^53, digit for digit, gzip or not', async () => {
    const { server, client } = await rig();
    const text = '{"orderId":9223372036854775807,"small":12,"price":"1.10"}';
    server.handler = (_, response) => json(response, text);
    expect(await client.call('time')).toEqual({ orderId: '9223372036854775807', small: 12, price: '1.10' });
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(text));
    };
    expect(await client.call('time')).toEqual({ orderId: '9223372036854775807', small: 12, price: '1.10' });
  });

  it('takes the documented weight from the gate, and the larger one that the venue reports', async () => {
    const { server, client } = await rig();
    await client.call('depth', { limit: 1000 });
    expect(client.gate.usage()[0]?.used).toBe(50);
    server.handler = (_, response) => json(response, {}, 200, { 'X-Used-Weight': '700' });
    await client.call('depth');
    expect(client.gate.usage()[0]?.used).toBe(700);
  });

  it('keeps connections alive', async () => {
    const { server, client } = await rig();
    const sockets = new Set<unknown>();
    server.handler = (_, response, socket) => {
      sockets.add(socket);
      json(response, {});
    };
    for (let i = 0; i < 20; i++) await client.call('time');
    // undici lets a socket rest for one turn of the event loop, so calls back to back alternate between two.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('is signed when it leaves, not while it waits for a connection, and a cancel waits for nobody', async () => {
    const { server, clock, client } = await rig();
    const answers: (() => void)[] = [];
    server.handler = (_, response) => {
      // Its clock is not the one that the test turns.
      response.sendDate = false;
      answers.push(() => json(response, {}));
    };
    const orders = Array.from({ length: 10 }, (_, n) => client.call('order', { n }, { lane: 'place' }));
    await server.received(8);
    const waiting = client.call('order', { n: 'first' }, { lane: 'amend' });
    const cancel = client.call('order', { n: 'cancel' }, { lane: 'cancel' });
    await server.received(9);
    await clock.advance(7000);
    for (let n = 0; n < 12; n++) {
      await server.received(Math.min(9 + n, 12));
      answers[n]!();
    }
    await Promise.all([...orders, waiting, cancel]);
    const seen = server.seen.map(({ body }) => new URLSearchParams(body));
    expect(seen.slice(8).map((each) => each.get('n'))).toEqual(['cancel', 'first', '8', '9']);
    const times = seen.map((each) => Number(each.get('timestamp')));
    expect(times.slice(9).map((time) => time - times[0]!)).toEqual([7000, 7000, 7000]);
  });

  it('gives up waiting for a connection when it is told to, and says that nothing was sent', async () => {
    const { server, clock, client } = await rig();
    const answers: (() => void)[] = [];
    server.handler = (_, response) => answers.push(() => json(response, {}));
    const orders = Array.from({ length: 8 }, () => client.call('order', {}, { timeoutMs: 60_000 }));
    await server.received(8);
    const stop = new AbortController();
    const late = failure(client.call('order', {}, { maxWaitMs: 5000 }));
    const aborted = failure(client.call('order', {}, { signal: stop.signal }));
    stop.abort();
    expect(await aborted).toMatchObject({ kind: 'aborted', outcomeKnown: true });
    await clock.advance(5000);
    expect(await late).toMatchObject({ kind: 'timeout', outcomeKnown: true });
    for (const answer of answers) answer();
    await Promise.all(orders);
    expect([server.seen.length, client.gate.usage()[0]?.used]).toEqual([8, 8]);
  });

  it('names an endpoint that does not exist and the nearest that does', async () => {
    const { client } = await rig();
    const error = await failure(client.call('deph' as 'depth'));
    expect(error.kind).toBe('unsupported');
    expect(error.message).toBe('testvenue has no endpoint "deph"; did you mean "depth"?');
  });

  it('refuses signed endpoints without credentials before anything is sent', async () => {
    const { server, client } = await rig({ sign: undefined });
    const error = await failure(client.call('order', { symbol: 'BTC' }));
    expect([error.kind, error.outcomeKnown, server.seen.length]).toEqual(['unauthorized', true, 0]);
    expect(client.gate.usage()[0]?.used).toBe(0);
  });

  it('refuses a host that is not on the list before anything is sent', async () => {
    const { server, client } = await rig({ allowedHosts: ['api.example.com'] });
    const error = await failure(client.call('time'));
    expect(error.kind).toBe('config');
    expect(error.message).toContain(`host "${server.host}" is not allowed in this environment; allowed: api.example.com`);
    expect(server.seen).toHaveLength(0);
  });
});

describe('limits', () => {
  it('429: waits as long as Retry-After says, for every call of the gate, then sends the read again', async () => {
    const { server, clock, client } = await rig();
    server.handler = (_, response) =>
      server.seen.length === 1
        ? json(response, { code: -1003, msg: 'Too many requests' }, 429, { 'Retry-After': '7' })
        : json(response, { ok: 1 });
    const started = clock.now();
    const first = client.call('time');
    while (client.gate.usage()[0]?.pausedUntil === 0) await turn();
    const cancel = client.call('depth', {}, { lane: 'cancel' });
    expect(await untilSettled(clock, Promise.all([first, cancel]))).toEqual([{ ok: 1 }, { ok: 1 }]);
    expect(clock.now() - started).toBeGreaterThanOrEqual(7_000);
    expect(clock.now() - started).toBeLessThan(8_500);
  });

  it('429: a call that is not idempotent is not sent again, and says how long to wait', async () => {
    const { server, client } = await rig();
    server.handler = (_, response) => json(response, { code: -1003, msg: 'Too many orders' }, 429, { 'Retry-After': '3' });
    const error = await failure(client.call('order', { symbol: 'BTC' }));
    expect(error).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 3_000,
      outcomeKnown: true,
      venue: 'testvenue',
      venueCode: '-1003',
    });
    expect(server.seen).toHaveLength(1);
  });

  it('418: nothing at all goes out until the ban is over, however many ask', async () => {
    const { server, clock, client } = await rig();
    server.handler = (_, response) =>
      json(
        response,
        { code: -1003, msg: `Way too many requests; IP banned until ${Math.ceil(clock.now()) + 600_000}. Please use WebSocket` },
        418,
      );
    const banned = await failure(client.call('time'));
    expect(banned).toMatchObject({ kind: 'rate-limited', retryAfterMs: 600_000 });
    for (let i = 0; i < 5; i++) {
      const refused = await failure(client.call('time', {}, { lane: 'cancel' }));
      expect([refused.kind, refused.outcomeKnown]).toEqual(['rate-limited', true]);
    }
    expect(server.seen).toHaveLength(1);
    server.handler = (_, response) => json(response, { ok: 1 });
    await clock.advance(600_000);
    expect(await client.call('time')).toEqual({ ok: 1 });
  });

  it('what waited too long at the gate is refused once, by name, and not sent or tried again', async () => {
    const { server, clock, client } = await rig();
    client.gate.pause(50_000);
    const refused = failure(client.call('time', {}, { maxWaitMs: 60_000 }));
    await turn();
    client.gate.pause(100_000);
    await clock.advance(60_000);
    const error = await refused;
    expect(error).toMatchObject({ kind: 'rate-limited', venue: 'testvenue', outcomeKnown: true });
    expect(error.message).toContain('testvenue GET /time: the rate limit frees up in 40 s');
    expect([server.seen.length, clock.pending]).toEqual([0, 0]);
  });

  it('a 429 is a limit whatever code its body carries', async () => {
    const { server, client } = await rig();
    server.handler = (_, response) => json(response, { code: -2010, msg: 'no' }, 429, { 'Retry-After': '9' });
    expect(await failure(client.call('order', {}))).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 9_000,
      venueCode: '-2010',
    });
  });

  it('a 429 whose body is not JSON is a limit all the same', async () => {
    const { server, clock, client } = await rig();
    const until = Math.ceil(clock.now() / 1000) * 1000 + 30_000;
    server.handler = (_, response) =>
      json(response, '<html>slow down</html>', 429, { 'Retry-After': new Date(until).toUTCString() });
    expect(await failure(client.call('order', {}))).toMatchObject({ kind: 'rate-limited', retryAfterMs: until - clock.now() });
    expect(client.gate.usage()[0]?.pausedUntil).toBe(until);
  });
});
