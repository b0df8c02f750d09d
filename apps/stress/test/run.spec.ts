import { beforeEach, describe, expect, it } from 'vitest';
import { type Progress, runStress, type StressOptions } from '../src/index.js';
import { ScriptedServer } from './support/scripted-server.js';

let server: ScriptedServer;
beforeEach(() => {
  server = new ScriptedServer();
});

const run = (options: Partial<StressOptions> = {}) =>
  runStress({ url: 'ws://scripted', clients: 4, timeoutMs: 10_000, openSocket: server.openSocket, ...options });
/** As {@link run}, where what is waited for never comes. */
const short = (options: Partial<StressOptions> = {}) => run({ timeoutMs: 60, ...options });

describe('a stress run', () => {
  it('counts every order of every client once, with its times', async () => {
    const seen: Progress[] = [];
    const { report, clients } = await run({ clients: 20, ordersPerClient: 3, onProgress: (progress) => seen.push(progress) });
    expect(report).toMatchObject({ ok: true, clients: 20, connected: 20, orders: 60, final: 60, causes: [], reconnects: 0 });
    expect(report.outcomes).toEqual({ filled: 60, canceled: 0, expired: 0, rejected: 0, unknown: 0, error: 0 });
    expect(report.readBack).toMatchObject({ recorded: 60, falseFailures: 0, contradictions: 0, duplicates: 0, missing: 0 });
    expect([report.stages.connect?.count, report.stages.place?.count, report.stages.final?.count]).toEqual([20, 60, 60]);
    expect(report.stages.cancel).toBeNull();
    expect(new Set(clients.flatMap(({ orders }) => orders.map(({ ref }) => ref))).size).toBe(60);
    expect(seen.at(-1)).toEqual({ clients: 20, connected: 20, orders: 60, placed: 60, done: 60, failed: 0 });
  });

  it('buys and sells in turn, the least that the venue takes', async () => {
    await run();
    expect(server.orders.map(({ side, type, amount }) => `${side} ${type} ${amount}`).sort()).toEqual([
      ...['buy market 0.07576', 'buy market 0.07576'],
      ...['sell market 0.07576', 'sell market 0.07576'],
    ]);
  });

  it('cancels at once what it was told to, with orders that rest', async () => {
    server.onPlace = (fate) => fate.answer('OPEN');
    const { report } = await run({ cancel: true });
    expect([report.ok, report.outcomes.canceled, report.stages.cancel?.count]).toEqual([true, 4, 4]);
    expect(new Set(server.orders.map(({ side, price }) => `${side} ${price}`))).toEqual(new Set(['buy 99.00', 'sell 102.01']));
  });

  it('reports as filled what was filled before the cancel came', async () => {
    server.onPlace = (fate) => fate.answer('OPEN');
    server.onCancel = (fate) => fate.tell('FILLED');
    const { report } = await run({ cancel: true });
    expect([report.ok, report.outcomes.filled, report.outcomes.canceled]).toEqual([true, 4, 0]);
  });
});

describe('what may not be called a success', () => {
  it('is an order that was not sent: an error, by its cause without ids', async () => {
    server.onPlace = (fate) => {
      server.orders.splice(server.orders.indexOf(fate.order), 1);
      fate.refuse({ kind: 'insufficient-funds', message: `order ${fate.order.ref} needs 12.5 USDT` });
    };
    const { report } = await run();
    expect([report.ok, report.final, report.outcomes.error]).toEqual([false, 0, 4]);
    expect(report.causes).toEqual([{ outcome: 'error', cause: 'insufficient-funds: order # needs # USDT', count: 4 }]);
  });

  it('is an order that the venue refused, though that is a final state', async () => {
    server.onPlace = (fate) => fate.answer('REJECTED', 'would take');
    const { report } = await run();
    expect([report.ok, report.final, report.outcomes.rejected, report.outcomes.filled]).toEqual([false, 4, 4, 0]);
    expect(report.causes).toEqual([{ outcome: 'rejected', cause: 'would take', count: 4 }]);
  });

  it('is an order that still works when time is up', async () => {
    server.onPlace = (fate) => fate.answer('OPEN');
    const { report } = await short();
    expect([report.ok, report.final, report.outcomes.unknown]).toEqual([false, 0, 4]);
    expect(report.causes).toEqual([{ outcome: 'unknown', cause: 'still OPEN when time was up', count: 4 }]);
  });

  it('is a client that was never let in: its orders were not sent', async () => {
    server.refuseClients = 'full';
    const { report } = await run({ ordersPerClient: 2 });
    expect([report.connected, report.outcomes.error, report.final, report.ok]).toEqual([0, 8, 0, false]);
    expect(report.causes[0]?.cause).toMatch(/^not connected: connection: .*full/);
  });

  it('is an end that the client was not told of, only found afterwards', async () => {
    server.onPlace = (fate) => {
      fate.answer('OPEN');
      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => fate.record('FILLED'))));
    };
    const { report } = await short();
    expect([report.ok, report.outcomes.filled, report.readBack.untold]).toEqual([false, 4, 4]);
  });

  it('is a failure that was none: the record says filled', async () => {
    server.onPlace = (fate) => {
      fate.answer('OPEN');
      fate.tell('CANCELED');
      fate.record('FILLED');
    };
    const { report } = await run();
    expect([report.ok, report.outcomes.canceled, report.readBack.falseFailures]).toEqual([false, 4, 4]);
  });

  it('is an order that is on record twice, or not at all', async () => {
    server.onPlace = (fate) => {
      fate.answer('OPEN');
      fate.tell('FILLED');
      if (server.orders.length === 1) server.orders.push({ ...fate.order });
    };
    expect((await run()).report).toMatchObject({ ok: false, readBack: { duplicates: 1 } });
    server = new ScriptedServer();
    server.onPlace = (fate) => {
      fate.answer('OPEN');
      fate.tell('FILLED');
      server.orders.splice(0);
    };
    expect((await run()).report).toMatchObject({ ok: false, readBack: { missing: 4 } });
  });
});

describe('what may not be called a failure', () => {
  it('is an order without an answer, when its fill is told', async () => {
    server.onPlace = (fate) => fate.tell('FILLED');
    const { report } = await short();
    expect([report.ok, report.outcomes.filled, report.stages.place, report.readBack.untold]).toEqual([true, 4, null, 0]);
  });

  it('is an order whose connection was cut: the session goes on, and tells', async () => {
    server.onPlace = (fate) => {
      fate.peer.cut();
      const { session } = fate.peer;
      const told = setInterval(() => {
        if (server.sessions.get(session) === fate.peer) return;
        clearInterval(told);
        fate.tell('FILLED');
      }, 1);
    };
    const { report } = await run();
    expect([report.ok, report.outcomes.filled, report.reconnects]).toEqual([true, 4, 4]);
  });

  it('is an order of a server that was restarted: its record is asked', async () => {
    server.resumable = false;
    server.onPlace = (fate) => {
      fate.record('FILLED');
      fate.peer.cut();
    };
    const { report } = await run();
    expect([report.ok, report.outcomes.filled, report.outcomes.unknown]).toEqual([true, 4, 0]);
  });

  it('is an order of which nothing is known: it is unknown, never an error', async () => {
    server.onPlace = () => server.orders.splice(0);
    const { report } = await short();
    expect([report.ok, report.outcomes.unknown, report.outcomes.error, report.readBack.recorded]).toEqual([false, 4, 0, 0]);
  });

  it('is an order that was given up: it is unknown', async () => {
    const stop = new AbortController();
    server.onPlace = () => void (server.orders.length === 4 && stop.abort());
    const { report } = await run({ signal: stop.signal });
    expect([report.ok, report.outcomes.unknown]).toEqual([false, 4]);
  });
});

describe('choosing accounts', () => {
  it('leaves real money alone unless told otherwise', async () => {
    server.account = { environment: 'live' };
    await expect(run()).rejects.toThrow(/one: real money.*--live/);
    expect((await run({ allowLive: true })).report.ok).toBe(true);
  });

  it.each([
    [{ venues: ['binanze'] }, /no account of "binanze"; did you mean "binance"\?/],
    [{ accounts: ['two'] }, /no account named "two".*accounts: one/],
  ])('refuses %j', async (options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });

  it('refuses a user who may only look', async () => {
    server.account = { mayTrade: false };
    await expect(run()).rejects.toThrow(/no account that this user may trade with/);
  });
});
