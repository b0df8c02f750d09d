import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpServer, json } from '../../test/support/http-server.js';
import { closeAll, failure, open, rig, untilSettled } from '../../test/support/rest-rig.js';
import { turn } from '../../test/support/virtual-clock.js';

afterEach(closeAll);

describe('trouble', () => {
  it('5xx: a read is tried three times, an order once, and its outcome is unknown', async () => {
    const { server, clock, client } = await rig();
    server.handler = (_, response) => json(response, '<html>bad gateway</html>', 502);
    const read = await failure(untilSettled(clock, client.call('time')));
    expect([read.kind, server.seen.length]).toEqual(['unavailable', 3]);
    server.seen.length = 0;
    const order = await failure(client.call('order', { symbol: 'BTC' }));
    expect([order.kind, order.outcomeKnown, server.seen.length]).toEqual(['unavailable', false, 1]);
  });

  it('503: the text may prove that nothing happened; still the order is not sent again', async () => {
    const { server, client } = await rig();
    server.handler = (_, response) => json(response, { code: -1000, msg: 'Service Unavailable.' }, 503);
    expect(await failure(client.call('order', {}))).toMatchObject({ kind: 'unavailable', outcomeKnown: true });
    server.handler = (_, response) =>
      json(response, { code: -1000, msg: 'Unknown error, please check your request or try again later.' }, 503);
    expect(await failure(client.call('order', {}))).toMatchObject({ kind: 'unavailable', outcomeKnown: false });
    expect(server.seen).toHaveLength(2);
  });

  it("a proven rejection is the venue's word, with its code, and no retry", async () => {
    const { server, client } = await rig();
    server.handler = (_, response) => json(response, { code: -2010, msg: 'Account has insufficient balance' }, 400);
    const error = await failure(client.call('time'));
    expect(error).toMatchObject({ kind: 'rejected', venueCode: '-2010', outcomeKnown: true });
    expect(error.message).toBe('testvenue GET /time: Account has insufficient balance (code -2010, HTTP 400)');
    expect(server.seen).toHaveLength(1);
  });

  it('a fault with status 200 is a fault', async () => {
    const { server, client } = await rig();
    server.handler = (_, response) => json(response, { code: -2010, msg: 'no' });
    expect((await failure(client.call('time'))).kind).toBe('rejected');
  });

  it('timeout: told by the clock; an order that left has an unknown outcome', async () => {
    const { server, clock, client } = await rig();
    server.handler = () => {};
    const call = failure(client.call('order', { symbol: 'BTC' }, { timeoutMs: 5_000 }));
    await server.received(1);
    await clock.advance(5_000);
    const error = await call;
    expect([error.kind, error.outcomeKnown, server.seen.length]).toEqual(['timeout', false, 1]);
    expect(error.message).toContain('no complete answer within 5000 ms');
  });

  it('timeout: also when the body never ends', async () => {
    const { server, clock, client } = await rig({ retry: { attempts: 1 } });
    server.handler = (_, response) => {
      response.writeHead(200);
      response.write('{"half":');
    };
    const call = failure(client.call('time', {}, { timeoutMs: 2_000 }));
    await server.received(1);
    await clock.advance(2_000);
    expect((await call).kind).toBe('timeout');
  });

  it('cut: a read is sent again, an order never', async () => {
    const { server, clock, client } = await rig();
    server.handler = (_, response, socket) => (server.seen.length === 1 ? void socket.destroy() : json(response, { ok: 1 }));
    expect(await untilSettled(clock, client.call('time'))).toEqual({ ok: 1 });
    server.seen.length = 0;
    server.handler = (_, __, socket) => void socket.destroy();
    const error = await failure(client.call('order', { symbol: 'BTC' }));
    expect([error.kind, error.outcomeKnown, server.seen.length]).toEqual(['connection', false, 1]);
  });

  it('refused connection: an order is known not to have left, and costs nothing', async () => {
    const { server, client } = await rig();
    await server[Symbol.asyncDispose]();
    const error = await failure(client.call('order', { symbol: 'BTC' }));
    expect([error.kind, error.outcomeKnown]).toEqual(['connection', true]);
    expect(error.message).toContain('nothing was sent');
    expect(client.gate.usage()[0]?.used).toBe(0);
  });

  it('not JSON: says so and shows the beginning', async () => {
    const { server, client } = await rig({ retry: { attempts: 1 } });
    server.handler = (_, response) => json(response, 'OK but not JSON');
    const error = await failure(client.call('time'));
    expect(error.kind).toBe('protocol');
    expect(error.message).toBe('testvenue GET /time: the answer is not JSON: OK but not JSON');
  });

  it('huge body: cut off at the cap, plain or zipped', async () => {
    const { server, client } = await rig({ maxBodyBytes: 100_000, retry: { attempts: 1 } });
    server.handler = (_, response) => json(response, `"${'x'.repeat(1_000_000)}"`);
    const plain = await failure(client.call('time'));
    expect([plain.kind, plain.message]).toEqual(['protocol', 'testvenue GET /time: the body is larger than 100000 bytes']);
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(50_000_000)));
    };
    const zipped = await failure(client.call('time'));
    expect(zipped.kind).toBe('protocol');
    expect(zipped.message).toContain('cannot be unpacked');
  });

  it('a body in an encoding that was not asked for is refused', async () => {
    const { server, client } = await rig({ retry: { attempts: 1 } });
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'br' });
      response.end('x');
    };
    expect((await failure(client.call('time'))).message).toContain('content-encoding "br"');
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(randomBytes(100));
    };
    expect((await failure(client.call('time'))).message).toContain('cannot be unpacked');
  });

  it('redirect: never followed, the target named without its query', async () => {
    const { server, client } = await rig({ retry: { attempts: 1 } });
    const other = await HttpServer.start();
    open.push(other);
    server.handler = (_, response) => json(response, '', 302, { location: `${other.origin}/time?signature=abc` });
    const error = await failure(client.call('time'));
    expect(error.kind).toBe('protocol');
    expect(error.message).toContain(`redirected to ${other.origin}/time (HTTP 302)`);
    expect(error.message).not.toContain('abc');
    expect(other.seen).toHaveLength(0);
  });

  it('the retry budget runs dry: a venue that is down gets no storm', async () => {
    const { server, clock, client } = await rig({ retry: { budget: 2 } });
    server.handler = (_, response) => json(response, {}, 500);
    for (let i = 0; i < 10; i++) await failure(untilSettled(clock, client.call('time')));
    expect(server.seen).toHaveLength(12);
  });
});

describe('aborting', () => {
  it('before: nothing is sent', async () => {
    const { server, client } = await rig();
    const error = await failure(client.call('time', {}, { signal: AbortSignal.abort() }));
    expect([error.kind, error.outcomeKnown, server.seen.length]).toEqual(['aborted', true, 0]);
  });

  it('many calls at once listen to one signal without a warning', async () => {
    const { server, client } = await rig();
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    server.handler = (_, response) => json(response, { ok: 1 });
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => client.call('time', {}, { signal: AbortSignal.any([signal]) })));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('on the way: ends at once, frees the connection, outcome unknown for an order', async () => {
    const { server, client } = await rig();
    server.handler = () => {};
    const abort = new AbortController();
    const call = failure(client.call('order', { symbol: 'BTC' }, { signal: abort.signal }));
    await server.received(1);
    abort.abort();
    expect(await call).toMatchObject({ kind: 'aborted', outcomeKnown: false });
    server.handler = (_, response) => json(response, { ok: 1 });
    expect(await client.call('time')).toEqual({ ok: 1 });
  });

  it('while waiting to try again', async () => {
    const { server, clock, client } = await rig();
    server.handler = (_, response) => json(response, {}, 500);
    const abort = new AbortController();
    const call = failure(client.call('time', {}, { signal: abort.signal }));
    await server.received(1);
    while (clock.pending === 0) await turn();
    abort.abort();
    expect((await call).kind).toBe('aborted');
    expect(server.seen).toHaveLength(1);
  });

  it('by the host: everything ends, timers included', async () => {
    const { server, clock, client, stop } = await rig();
    server.handler = () => {};
    const calls = [failure(client.call('time')), failure(client.call('depth'))];
    await server.received(2);
    stop.abort();
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['aborted', 'aborted']);
    expect(clock.pending).toBe(0);
    expect((await failure(client.call('time'))).kind).toBe('aborted');
  });

  it('closing twice is the same as once, and a closed client sends nothing', async () => {
    const { server, client } = await rig();
    await client.call('time');
    await client.close();
    await client.close();
    expect((await failure(client.call('time'))).kind).toBe('aborted');
    expect(server.seen).toHaveLength(1);
  });
});

describe("the venue's clock", () => {
  it('is learnt from Date headers within a second, and from the time endpoint within the round trip', async () => {
    const { server, clock, client } = await rig();
    const skew = 12_345;
    server.handler = (_, response) =>
      json(response, { serverTime: clock.now() + skew }, 200, { date: new Date(clock.now() + skew).toUTCString() });
    await client.call('depth');
    expect(client.clockOffset.lowerMs).toBeLessThanOrEqual(skew);
    expect(client.clockOffset.upperMs).toBeGreaterThanOrEqual(skew);
    expect(client.clockOffset.upperMs - client.clockOffset.lowerMs).toBeLessThanOrEqual(1_001);
    await client.call('time');
    expect(Math.abs(client.clockOffset.offsetMs - skew)).toBeLessThanOrEqual(1);
  });

  it('clock-skew: asks for the time, signs again once, and then it is what the venue says', async () => {
    const { server, clock, client } = await rig();
    const skew = -30_000;
    const stamps: number[] = [];
    server.handler = ({ url, body }, response) => {
      if (url === '/time') return json(response, { serverTime: clock.now() + skew }, 200, { date: '' });
      const stamp = Number(/timestamp=(\d+)/.exec(body)?.[1]);
      stamps.push(stamp);
      const fits = Math.abs(stamp - (clock.now() + skew)) < 1_000;
      json(
        response,
        fits ? { ok: 1 } : { code: -1021, msg: 'Timestamp for this request was outside of the recvWindow.' },
        fits ? 200 : 400,
        { date: '' },
      );
    };
    expect(await client.call('order', { symbol: 'BTC' })).toEqual({ ok: 1 });
    expect(stamps).toHaveLength(2);
    server.handler = ({ url }, response) =>
      url === '/time'
        ? json(response, { serverTime: clock.now() }, 200, { date: '' })
        : json(response, { code: -1021, msg: 'no' }, 400, { date: '' });
    server.seen.length = 0;
    expect((await failure(client.call('order', {}))).kind).toBe('clock-skew');
    expect(server.seen.map(({ url }) => url.split('?')[0])).toEqual(['/order', '/time', '/order']);
  });
});
