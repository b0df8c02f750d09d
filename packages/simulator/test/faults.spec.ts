import type { SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawFault, parseFault, Random, type RunningSimulator, startSimulator } from '../src/index.js';
import { SEED } from './engine-model.js';
import { plain } from './plain-dialect.js';
import { SocketClient } from './socket-client.js';

let sim: RunningSimulator;
let client: SocketClient;

beforeEach(async () => {
  sim = await startSimulator({
    dialects: [plain],
    seed: SEED,
    clock: 'virtual',
    flow: { eventsPerSecond: 0, liquidationSeconds: 0 },
  });
  client = await SocketClient.open(sim.ready.venues['plain']!.ws.public);
  await client.echo('"hello"');
  client.messages.length = 0;
});

afterEach(async () => {
  client.close();
  await sim.close();
});

const say = async (...texts: string[]) => {
  for (const text of texts) client.send(text);
  await client.ping();
};

describe('faults on sockets', () => {
  it('cut: the connection is gone without a word', async () => {
    expect(sim.faults.inject({ kind: 'cut', venue: 'plain' })).toMatchObject({ affected: 1 });
    await client.until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1006 });
  });

  it('close: a closing handshake', async () => {
    sim.faults.inject({ kind: 'close', code: 1012 });
    await client.until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1012 });
  });

  it('half-open: alive for TCP, dead for everyone', async () => {
    sim.faults.inject({ kind: 'half-open' });
    expect(sim.faults.inject({ kind: 'cut' }).affected).toBe(0);
    client.send('"anybody?"');
    const other = await SocketClient.open(sim.ready.venues['plain']!.ws.public);
    await other.echo('"still serving"');
    other.close();
    expect([client.messages, client.closed]).toEqual([[], undefined]);
    sim.clock.advance(120_000);
    await client.until(() => client.closed !== undefined);
  });

  it('stall: nothing, then everything in order', async () => {
    sim.faults.inject({ kind: 'stall', durationMs: 500 });
    for (const text of ['1', '2', '3']) client.send(text);
    const other = await SocketClient.open(sim.ready.venues['other']!.ws.public);
    await other.echo('"free"');
    sim.clock.advance(499);
    await other.ping();
    expect(client.messages).toEqual([]);
    sim.clock.advance(1);
    await client.until(() => client.messages.length === 3);
    expect(client.messages).toEqual(['1', '2', '3']);
    other.close();
  });

  it('late: what a client says arrives later than what it says after it', async () => {
    sim.faults.inject({ kind: 'late', topic: '1', delayMs: 500 });
    await say('1', '2');
    expect(client.messages).toEqual(['2']);
    sim.clock.advance(499);
    await client.ping();
    expect(client.messages).toEqual(['2']);
    sim.clock.advance(1);
    await client.until(() => client.messages.length === 2);
    expect([client.messages, sim.faults.records]).toEqual([
      ['2', '1'],
      [expect.objectContaining({ kind: 'late', venue: 'plain' })],
    ]);
  });

  it.each([
    [{ kind: 'drop', count: 2 }, ['3', '4']],
    [{ kind: 'duplicate' }, ['1', '1', '2', '3', '4']],
    [{ kind: 'reorder' }, ['2', '1', '3', '4']],
    [{ kind: 'reorder', count: 2 }, ['2', '1', '4', '3']],
    [{ kind: 'drop', topic: 'trades', count: 2 }, ['1', '2', '3', '4']],
    [{ kind: 'drop', venue: 'other', count: 2 }, ['1', '2', '3', '4']],
    [{ kind: 'drop', path: '/elsewhere', count: 2 }, ['1', '2', '3', '4']],
    [{ kind: 'drop', probability: 0 }, ['1', '2', '3', '4']],
  ] as const)('%j makes 1 2 3 4 to %j', async (fault, heard) => {
    sim.faults.inject(fault);
    await say('1', '2', '3', '4');
    expect(client.messages).toEqual(heard);
  });

  it('corrupt: damaged, and on the record', async () => {
    sim.faults.inject({ kind: 'corrupt', mode: 'truncate' });
    await say('123456789', '2');
    expect(client.messages[0]).not.toBe('123456789');
    expect('123456789'.startsWith(client.messages[0]!)).toBe(true);
    expect(client.messages[1]).toBe('2');
    expect(sim.faults.records).toMatchObject([{ kind: 'corrupt', venue: 'plain', topic: 'echo' }]);
  });

  it('corrupt with a high bit: never valid text', async () => {
    sim.faults.inject({ kind: 'corrupt', mode: 'high-bit' });
    client.send('123456789');
    await client.until(() => client.closed !== undefined);
    expect(client.error).toMatch(/invalid UTF-8/);
  });

  it('slow: late, in order, until its time is over', async () => {
    sim.faults.inject({ kind: 'slow', delayMs: 300, durationMs: 100 });
    await say('1', '2');
    sim.clock.advance(200);
    await say('3');
    expect(client.messages).toEqual([]);
    sim.clock.advance(100);
    await client.until(() => client.messages.length === 3);
    expect(client.messages).toEqual(['1', '2', '3']);
    await say('4');
    expect(client.messages[3]).toBe('4');
  });

  it('maintenance: goodbye, closed doors, and open again', async () => {
    sim.faults.inject({ kind: 'maintenance', venue: 'plain', durationMs: 1000 });
    await client.until(() => client.closed !== undefined);
    expect(client.messages).toEqual(['"goodbye"']);
    const { rest, ws } = sim.ready.venues['plain']!;
    expect((await fetch(`${rest['public']}/time`)).status).toBe(503);
    await expect(SocketClient.open(ws.public)).rejects.toThrow(/503/);
    sim.clock.advance(1000);
    expect((await fetch(`${rest['public']}/time`)).status).toBe(200);
  });
});

describe('faults on requests', () => {
  const get = () => fetch(`${sim.ready.venues['plain']!.rest['public']}/time`);

  it('an upgrade that was left hanging or refused does not keep the simulation from closing', async () => {
    const url = sim.ready.venues['plain']!.ws.public;
    sim.faults.inject({ kind: 'hang' });
    const hanging = SocketClient.open(url).catch(() => 'never opened');
    while (sim.faults.hits === 0) await new Promise((resolve) => setImmediate(resolve));
    sim.faults.inject({ kind: 'http', status: 503 });
    await expect(SocketClient.open(url)).rejects.toThrow(/503/);
    await sim.close();
    expect(await hanging).toBe('never opened');
  });

  it('http: the venue says it', async () => {
    sim.faults.inject({ kind: 'http', status: 429, retryAfterSeconds: 7, path: '/time' });
    const answer = await get();
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, '7', '{"sorry":true}']);
    expect((await get()).status).toBe(200);
  });

  it('cut: no answer', async () => {
    sim.faults.inject({ kind: 'cut', target: 'rest' });
    await expect(get()).rejects.toThrow();
    expect((await get()).status).toBe(200);
    expect(client.closed).toBeUndefined();
  });

  it('hang: never an answer', async () => {
    sim.faults.inject({ kind: 'hang' });
    const giveUp = new AbortController();
    const hanging = fetch(`${sim.ready.venues['plain']!.rest['public']}/time`, { signal: giveUp.signal });
    while (sim.faults.hits === 0) await get();
    giveUp.abort();
    await expect(hanging).rejects.toThrow(/abort/);
  });

  it('slow: answered when the time has come', async () => {
    sim.faults.inject({ kind: 'slow', target: 'rest', delayMs: 250, count: 1 });
    const before = sim.clock.now();
    const answer = get();
    while (sim.faults.hits === 0) await fetch(`${sim.ready.venues['other']!.rest['public']}/time`);
    sim.clock.advance(250);
    expect(await (await answer).json()).toEqual({ time: before + 250 });
  });
});

describe('faults from outside', () => {
  it.each([
    ['cut', { kind: 'cut' }],
    ['drop:probability=0.25,topic=btcusdt@depth', { kind: 'drop', probability: 0.25, topic: 'btcusdt@depth' }],
    ['ack-lose:action=place,probability=0.05', { kind: 'ack-lose', action: 'place', probability: 0.05 }],
    ['clock-skew:venue=plain,skewMs=-3000', { kind: 'clock-skew', venue: 'plain', skewMs: -3000 }],
  ])('%s is read', (text, fault) => expect(parseFault(text)).toEqual(fault));

  it.each([
    ['cutt', /kind "cutt" is unknown; did you mean "cut"/],
    ['drop:count=many', /count must be a number/],
    ['drop:probabilty=1', /no "probabilty"; did you mean "probability"/],
  ])('%s is refused with a reason', (text, reason) => {
    expect(() => parseFault(text)).toThrow(reason);
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ kind: 'invalid-request' }) as SpeedError);
  });

  it('are injected, listed and ended on the control port', async () => {
    const url = `${sim.controlUrl}/__sim/faults`;
    const post = (body: string) => fetch(url, { method: 'POST', body });
    const { id } = (await (await post('{"kind":"drop","count":9}')).json()) as { id: number };
    await say('1');
    expect(await (await fetch(url)).json()).toMatchObject({ hits: 1, active: [{ id, spec: { kind: 'drop' } }] });
    await fetch(`${url}?id=${id}`, { method: 'DELETE' });
    await say('2');
    expect(client.messages).toEqual(['2']);
    const refused = await post('{"kind":"explode"}');
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { message: /"explode" is unknown/ } }]);
    expect((await post('not json')).status).toBe(400);
  });

  it('a schedule draws the same faults from the same seed', () => {
    const draw = () => {
      const random = new Random(SEED, 'faults');
      return Array.from({ length: 50 }, () => drawFault(random, { venues: ['plain', 'other'] }));
    };
    expect(draw()).toEqual(draw());
    expect(new Set(draw().map((fault) => fault.kind)).size).toBeGreaterThan(6);
  });

  it('a schedule runs on the simulation clock until it is stopped', () => {
    const stop = sim.scheduleFaults({ seed: SEED, everyMs: 1000, kinds: ['cut'] });
    sim.clock.advance(60_000);
    expect(sim.faults.hits).toBe(1);
    stop();
    expect(sim.clock.pending).toBeLessThan(20);
  });
});
