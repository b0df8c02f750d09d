import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  drawFault,
  type FaultSpec,
  ORDER_FAULT_KINDS,
  Random,
  type RunningSimulator,
  startSimulator,
  type VenueFaults,
} from '../src/index.js';
import { SEED } from './engine-model.js';
import { plain } from './plain-dialect.js';
import { SocketClient } from './socket-client.js';

let sim: RunningSimulator;
let client: SocketClient;
let faults: VenueFaults;

beforeEach(async () => {
  sim = await startSimulator({
    dialects: [plain],
    seed: SEED,
    clock: 'virtual',
    flow: { eventsPerSecond: 0, liquidationSeconds: 0 },
  });
  faults = sim.faults.orders.of('plain');
  client = await SocketClient.open(sim.ready.venues['plain']!.ws.public);
});

afterEach(async () => {
  client.close();
  await sim.close();
});

const ask = (path: string) => fetch(sim.ready.venues['plain']!.rest['public'] + path);
const ORDER = { account: 'alice', symbol: 'BTCUSDT', orderId: '7', clientId: 'c-7' };

describe('answers over REST', () => {
  it('ack-lose: carried out, never answered', async () => {
    sim.faults.inject({ kind: 'ack-lose' });
    expect((await ask('/time')).status).toBe(200);
    await expect(ask('/place/a')).rejects.toThrow();
    expect((await ask('/place/b')).status).toBe(200);
    expect(sim.faults.records).toMatchObject([
      { kind: 'ack-lose', venue: 'plain', path: '/place/a', orders: [{ action: 'place', clientId: 'a', done: true }] },
    ]);
  });

  it('execute-502: carried out, answered as if not', async () => {
    sim.faults.inject({ kind: 'execute-502' });
    expect([(await ask('/place/a')).status, (await ask('/place/b')).status]).toEqual([502, 200]);
  });

  it('late-ack: one answer late, others overtake it', async () => {
    sim.faults.inject({ kind: 'late-ack', delayMs: 300 });
    const before = sim.clock.now();
    const late = ask('/place/a');
    while (sim.faults.hits === 0) await ask('/time');
    expect((await ask('/place/b')).status).toBe(200);
    sim.clock.advance(300);
    expect(await (await late).json()).toEqual({ time: before });
  });

  it('slow-ack: every answer late until it is removed', async () => {
    const { id } = sim.faults.inject({ kind: 'slow-ack', delayMs: 100 });
    for (const path of ['/place/a', '/cancel/a']) {
      const { hits } = sim.faults;
      const late = ask(path);
      while (sim.faults.hits === hits) await ask('/time');
      sim.clock.advance(100);
      expect((await late).status).toBe(200);
    }
    expect(sim.faults.remove(id)).toBe(true);
    expect((await ask('/place/b')).status).toBe(200);
  });

  it('duplicate-ack has nothing to do there', async () => {
    sim.faults.inject({ kind: 'duplicate-ack' });
    expect((await ask('/place/a')).status).toBe(200);
    expect(sim.faults.hits).toBe(0);
  });
});

describe('answers over sockets', () => {
  it('ack-lose: the connection is gone', async () => {
    sim.faults.inject({ kind: 'ack-lose' });
    client.send('/place/a');
    await client.until(() => client.closed !== undefined);
    expect([client.closed, client.messages]).toEqual([{ code: 1006 }, []]);
    expect(sim.faults.records).toMatchObject([{ peer: 1, orders: [{ clientId: 'a' }] }]);
  });

  it.each([
    [{ kind: 'execute-502' }, ['failed 502', '/cancel/b']],
    [{ kind: 'execute-502', status: 503, action: 'cancel' }, ['/place/a', 'failed 503']],
    [{ kind: 'duplicate-ack' }, ['/place/a', '/place/a', '/cancel/b']],
    [{ kind: 'duplicate-ack', clientId: 'b' }, ['/place/a', '/cancel/b', '/cancel/b']],
    [{ kind: 'duplicate-ack', account: 'bob' }, ['/place/a', '/cancel/b']],
    [{ kind: 'duplicate-ack', symbol: 'ETHUSDT' }, ['/place/a', '/cancel/b']],
    [{ kind: 'duplicate-ack', venue: 'other' }, ['/place/a', '/cancel/b']],
    [{ kind: 'duplicate-ack', target: 'rest' }, ['/place/a', '/cancel/b']],
    [{ kind: 'drop', count: 2 }, []],
  ] as const satisfies readonly (readonly [FaultSpec, readonly string[]])[])('%j', async (fault, heard) => {
    sim.faults.inject(fault);
    for (const text of ['/place/a', '/cancel/b']) client.send(text);
    await client.ping();
    expect(client.messages).toEqual(heard);
  });

  it('late-ack: overtaken by what comes after', async () => {
    sim.faults.inject({ kind: 'late-ack', delayMs: 50 });
    for (const text of ['/place/a', '/place/b', '"news"']) client.send(text);
    await client.ping();
    sim.clock.advance(50);
    await client.until(() => client.messages.length === 3);
    expect(client.messages).toEqual(['/place/b', '"news"', '/place/a']);
  });
});

describe('what a dialect asks', () => {
  it('silent-fill: from a fill on, nothing of that order', () => {
    sim.faults.inject({ kind: 'silent-fill', venue: 'plain' });
    expect(faults.silences(ORDER, false)).toBe(false);
    expect(sim.faults.orders.of('other').silences(ORDER, true)).toBe(false);
    expect(faults.silences(ORDER, true)).toBe(true);
    expect(faults.silences(ORDER, false)).toBe(true);
    expect(faults.silences({ ...ORDER, orderId: '8' }, true)).toBe(false);
    expect(sim.faults.records).toMatchObject([{ kind: 'silent-fill', orders: [{ orderId: '7', clientId: 'c-7' }] }]);
  });

  it('cancel-race: as often as asked for', () => {
    sim.faults.inject({ kind: 'cancel-race', count: 2, account: 'alice' });
    expect(faults.races({ ...ORDER, account: 'bob' })).toBe(false);
    expect([1, 2, 3].map(() => faults.races(ORDER))).toEqual([true, true, false]);
  });

  it('clock-skew: until its time is over', () => {
    sim.faults.inject({ kind: 'clock-skew', skewMs: -3000, durationMs: 1000 });
    const { id } = sim.faults.inject({ kind: 'clock-skew', skewMs: 500, venue: 'plain' });
    expect([faults.skewMs(), sim.faults.orders.of('other').skewMs()]).toEqual([-2500, -3000]);
    sim.clock.advance(1000);
    expect(faults.skewMs()).toBe(500);
    sim.faults.remove(id);
    expect(faults.skewMs()).toBe(0);
  });

  it('a share of all, the same from the same seed', async () => {
    const struck = async () => {
      const twin = await startSimulator({ dialects: [plain], seed: SEED, clock: 'virtual', flow: { eventsPerSecond: 0 } });
      twin.faults.inject({ kind: 'silent-fill', probability: 0.3 });
      const hits = Array.from({ length: 1000 }, (_, i) =>
        twin.faults.orders.of('plain').silences({ ...ORDER, orderId: String(i) }, true),
      );
      await twin.close();
      return hits;
    };
    const once = await struck();
    expect(once.filter(Boolean).length).toBeGreaterThan(200);
    expect(once.filter(Boolean).length).toBeLessThan(400);
    expect(await struck()).toEqual(once);
  });
});

it('schedules draw them too, from the seed', () => {
  const draw = () => {
    const random = new Random(SEED, 'faults');
    return Array.from({ length: 200 }, () => drawFault(random, { kinds: ORDER_FAULT_KINDS, venues: ['plain'] }));
  };
  for (const fault of draw()) expect(sim.faults.inject(fault)).toMatchObject({ kind: fault.kind });
  expect(new Set(draw().map(({ kind }) => kind)).size).toBe(ORDER_FAULT_KINDS.length);
  expect(draw()).toEqual(draw());
});

it.each([
  ['{"kind":"clock-skew","skewMs":"soon"}', /skewMs must be a number/],
  ['{"kind":"ack-lose","action":"plaice"}', /action "plaice" is unknown; did you mean "place"/],
  ['{"kind":"ack-loose"}', /did you mean "ack-lose"/],
])('%s is refused with a reason', (text, reason) => {
  expect(() => sim.faults.inject(JSON.parse(text) as FaultSpec)).toThrow(reason);
});
