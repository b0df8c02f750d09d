import { type AnyTrading, decimal, FINAL_STATUSES, type Instrument, SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { type DeskEvent, OrderDesk, type OrderDeskOptions } from '../src/index.js';
import { MemoryJournal } from './support/memory-journal.js';
import { FAULTS, type Fault, fromLots, lotsOf, TestVenue } from './support/venue.js';
import { VirtualClock } from './support/virtual-clock.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SYMBOL = 'BTC/USDT';

/** mulberry32 */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Scene {
  readonly clock: VirtualClock;
  readonly venue: TestVenue;
  readonly journal: MemoryJournal;
  open(more?: Partial<OrderDeskOptions>): Promise<OrderDesk>;
}

function scene(random = randomFrom(seed)): Scene {
  const clock = new VirtualClock();
  const venue = new TestVenue(clock, random);
  const journal = new MemoryJournal();
  const { trading, account } = venue;
  return { clock, venue, journal, open: (more = {}) => OrderDesk.open({ trading, account, journal, clock, ...more }) };
}

const limit = (lots: number) =>
  ({ symbol: SYMBOL, side: 'buy', type: 'limit', amount: fromLots(lots), price: decimal('100') }) as const;

/** Placed once the lists that an opening desk asks for are in: they would tell what the tests keep from the stream (SPEED_SEED=652625549). */
async function placed(desk: OrderDesk, { clock }: Scene, lots = 10): Promise<string> {
  await clock.pass(500);
  const order = desk.place(limit(lots));
  await clock.pass(100);
  return (await order).clientOrderId;
}

/** Holds every order of the desk against the venue's own books. */
function expectAgreement(desk: OrderDesk, venue: TestVenue): void {
  const known = new Map(desk.orders().map((each) => [each.clientOrderId, each]));
  for (const [id, { order }] of venue.rows) {
    const { status, filled, fillsComplete } = known.get(id) ?? {};
    expect([id, status, lotsOf(filled ?? '-1'), fillsComplete]).toEqual([id, order.status, lotsOf(order.filled), true]);
    const trades = venue.trades.filter((each) => each.clientOrderId === id).map((each) => each.tradeId);
    expect(
      desk
        .fills(id)
        .map((each) => each.tradeId)
        .sort(),
    ).toEqual(trades.sort());
  }
  for (const { clientOrderId, status } of known.values()) {
    if (!venue.rows.has(clientOrderId)) expect([clientOrderId, status]).toEqual([clientOrderId, 'REJECTED']);
  }
  expect(new Set(venue.arrivals).size).toBe(venue.arrivals.length);
}

describe(`order desk (SPEED_SEED=${seed})`, () => {
  it('loses, repeats and misjudges nothing under faults, cuts and restarts', async () => {
    const random = randomFrom(seed);
    const pick = (n: number) => Math.floor(random() * n);
    const the = scene(random);
    const { venue, clock } = the;
    const faults = new Map<string, Fault>();
    venue.faultOf = (id) => {
      if (!faults.has(id)) faults.set(id, random() < 0.3 ? FAULTS[pick(FAULTS.length)]! : null);
      return faults.get(id)!;
    };
    const told: string[] = [];
    const refused = new Set<string>();
    const takenBack: string[] = [];
    const listen = (event: DeskEvent) => {
      const { clientOrderId, status } = event.order;
      if (refused.has(clientOrderId) && status !== 'REJECTED') takenBack.push(`${clientOrderId} ${status}`);
      if (status === 'REJECTED') refused.add(clientOrderId);
      if (event.type === 'fill') told.push(`${event.fill.tradeId} ${event.fill.venueOrderId}`);
    };
    let desk = await the.open();
    desk.on(listen);
    const wanted = Number(process.env['ORDERS'] ?? 300);
    for (let n = 0; n < wanted; n++) {
      void desk.place(limit(1 + pick(40)));
      await clock.pass(pick(40));
      const ids = [...venue.rows.keys()];
      const one = ids[ids.length - 1 - pick(Math.min(30, ids.length))];
      if (one !== undefined && random() < 0.8) venue.fill(one, 1 + pick(30));
      if (one !== undefined && random() < 0.3) void desk.cancel(one).catch(() => {});
      if (one !== undefined && random() < 0.05) venue.end(one, 'EXPIRED');
      if (random() < 0.01) venue.cut();
      if (random() < 0.05) venue.heal();
      if (n % 150 === 100) {
        await desk[Symbol.asyncDispose]();
        desk = await the.open();
        desk.on(listen);
      }
    }
    venue.heal();
    await clock.pass(120_000);
    expect(desk.orders()).toHaveLength(wanted);
    // A refusal takes proof: none is ever taken back.
    expect(takenBack).toEqual([]);
    expectAgreement(desk, venue);
    expect(told.length).toBe(new Set(told).size);
    for (const id of venue.rows.keys()) void desk.cancel(id);
    await clock.pass(120_000);
    expectAgreement(desk, venue);
    expect(desk.orders().filter((each) => !FINAL_STATUSES.has(each.status))).toEqual([]);
    await desk[Symbol.asyncDispose]();
  }, 300_000);

  it('puts the intent on record before anything is sent', async () => {
    const the = scene();
    const desk = await the.open();
    the.journal.broken = new SpeedError('unavailable', 'disk full', { outcomeKnown: true });
    await expect(desk.place(limit(1))).rejects.toThrow('disk full');
    await the.clock.pass(1000);
    expect([the.venue.arrivals, desk.orders()]).toEqual([[], []]);
  });

  it('takes an id that its owner has minted, once', async () => {
    const now = scene();
    const desk = await now.open();
    const clientOrderId = now.venue.trading.newClientOrderId();
    const seen: string[] = [];
    desk.on(({ order }) => seen.push(order.clientOrderId));
    const order = desk.place({ ...limit(10), clientOrderId });
    // Before the record of the first is written, too.
    await expect(desk.place({ ...limit(10), clientOrderId })).rejects.toMatchObject({ kind: 'duplicate' });
    await now.clock.pass(100);
    expect(now.venue.arrivals).toEqual([clientOrderId]);
    expect((await order).clientOrderId).toBe(clientOrderId);
    expect(new Set(seen)).toEqual(new Set([clientOrderId]));
    await expect(desk.place({ ...limit(10), clientOrderId })).rejects.toMatchObject({ kind: 'duplicate', outcomeKnown: true });
    await desk[Symbol.asyncDispose]();
  });

  it('settles after a restart an order that was sent but never answered, and one that was never sent', async () => {
    const the = scene();
    const first = await the.open();
    the.venue.faultOf = () => 'late-ack';
    void first.place(limit(10));
    await the.clock.pass(40);
    await first[Symbol.asyncDispose]();
    const order = { ...limit(5), clientOrderId: 'speed-never' };
    await the.journal.record('speed-never', SYMBOL, { kind: 'intent', order, time: the.clock.now() });
    const second = await the.open();
    await the.clock.pass(500);
    expect(second.order('speed-0').status).toBe('OPEN');
    expect(second.order('speed-never').status).toBe('UNKNOWN');
    await the.clock.pass(12_000);
    expect(second.order('speed-never').status).toBe('REJECTED');
  });

  it('does not call an order absent while its answer is still awaited', async () => {
    const the = scene();
    let answer: () => void = () => {};
    const trading: AnyTrading = {
      ...the.venue.trading,
      placeOrder: async (order) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return the.venue.trading.placeOrder(order);
      },
    };
    const desk = await the.open({ trading });
    const order = desk.place(limit(1));
    await the.clock.pass(90_000);
    expect(desk.orders()[0]!.status).toBe('PENDING');
    answer();
    await the.clock.pass(1000);
    expect((await order).status).toBe('OPEN');
  });

  it('calls an order unknown, never rejected, while nobody can say whether it arrived', async () => {
    const the = scene();
    const desk = await the.open({ account: undefined });
    const told: string[] = [];
    desk.on(({ order }) => told.push(order.status));
    the.venue.faultOf = () => 'lost-ack';
    // The reconciliation of the start would find the order before its answer is given up.
    await the.clock.pass(1000);
    void desk.place(limit(1));
    await the.clock.pass(10_000);
    expect(told).toEqual(['PENDING', 'UNKNOWN', 'OPEN']);
  });

  it('knows that an order never arrived as soon as the receive window is over', async () => {
    const the = scene();
    const desk = await the.open({ settle: { arrivalMs: 4000 } });
    the.venue.faultOf = () => 'lost-request';
    const order = desk.place(limit(1));
    await the.clock.pass(3900);
    expect((await order).status).toBe('UNKNOWN');
    await the.clock.pass(200);
    expect(desk.order((await order).clientOrderId).status).toBe('REJECTED');
  });

  it('catches by its audit a fill that a healthy stream never told', async () => {
    const the = scene();
    const desk = await the.open();
    the.venue.faultOf = () => 'silent';
    const id = await placed(desk, the);
    the.venue.fill(id, 4);
    await the.clock.pass(1000);
    expect(desk.order(id).filled).toBe('0');
    await the.clock.pass(3500);
    expect(desk.order(id)).toMatchObject({ status: 'PARTIALLY_FILLED', filled: '0.004', fillsComplete: true });
    expect(desk.fills(id)).toHaveLength(1);
  });

  it('fetches what was missed once the stream is up again, page by page and each fill once', async () => {
    const the = scene();
    const desk = await the.open();
    const id = await placed(desk, the, 200);
    const fills: string[] = [];
    desk.on((event) => event.type === 'fill' && fills.push(event.fill.tradeId));
    the.venue.cut();
    for (let n = 0; n < 120; n++) the.venue.fill(id, 1);
    await the.clock.pass(1000);
    expect(fills).toEqual([]);
    the.venue.heal();
    await the.clock.pass(1000);
    expect(fills).toEqual(the.venue.trades.map((each) => each.tradeId));
    expect(desk.order(id)).toMatchObject({ status: 'PARTIALLY_FILLED', filled: '0.12', averagePrice: '100' });
  });

  it.each(['adopt', 'cancel', 'ignore'] as const)('deals with an orphan as told: %s', async (orphans) => {
    const the = scene();
    for (const clientOrderId of ['speed-orphan', 'somebody-else'])
      void the.venue.trading.placeOrder({ ...limit(7), clientOrderId });
    await the.clock.pass(200);
    const desk = await the.open({ orphans });
    await the.clock.pass(5000);
    const status = { adopt: 'OPEN', cancel: 'CANCELED', ignore: undefined }[orphans];
    expect(desk.orders().map((each) => [each.clientOrderId, each.status])).toEqual(status ? [['speed-orphan', status]] : []);
    // It has no time of birth, and is kept all the same.
    await the.clock.pass(60_000);
    expect(desk.orders()).toHaveLength(status ? 1 : 0);
    expect(the.venue.rows.get('speed-orphan')!.order.status).toBe(status ?? 'OPEN');
    expect(the.venue.rows.get('somebody-else')!.order.status).toBe('OPEN');
  });

  it('says once, not per order, that answers came after it had closed with its journal', async () => {
    const the = scene();
    const lines: string[] = [];
    const say = (_: object, message: string) => void lines.push(message);
    const desk = await the.open({ slots: 3, account: undefined, logger: { debug: say, info: say, warn: say, error: say } });
    the.venue.faultOf = () => 'late-ack';
    for (let n = 0; n < 3; n++) desk.place(limit(10)).catch(() => undefined);
    await the.clock.pass(0);
    await desk[Symbol.asyncDispose]();
    the.journal.broken = new SpeedError('unavailable', 'The order journal is closed');
    await the.clock.pass(90_000);
    expect(lines).toEqual([expect.stringMatching(/after the order desk had closed/)]);
  });

  it('takes back an order that has not left, and cancels one whose answer is awaited', async () => {
    const the = scene();
    const desk = await the.open({ slots: 3, account: undefined });
    the.venue.faultOf = () => 'late-ack';
    for (let n = 0; n < 4; n++) void desk.place(limit(10));
    await the.clock.pass(0);
    expect((await desk.cancel('speed-3')).status).toBe('accepted');
    expect(desk.order('speed-3')).toMatchObject({ status: 'REJECTED', reason: 'taken back before it was sent' });
    void desk.cancel('speed-0');
    await the.clock.pass(90_000);
    expect(the.venue.rows.get('speed-0')!.order.status).toBe('CANCELED');
    expect(desk.order('speed-0').status).toBe('CANCELED');
    expect(the.venue.arrivals).not.toContain('speed-3');
  });

  it('lets orders leave however long the answers to others take', async () => {
    const the = scene();
    const desk = await the.open();
    the.venue.faultOf = () => 'late-ack';
    for (let n = 0; n < 100; n++) void desk.place(limit(10));
    await the.clock.pass(100);
    expect(the.venue.arrivals).toHaveLength(100);
    await desk[Symbol.asyncDispose]();
  });

  it('finds all fills of an order that has more than a page of them', async () => {
    const the = scene();
    const desk = await the.open({ account: undefined });
    const id = await placed(desk, the, 180);
    for (let n = 0; n < 180; n++) the.venue.fill(id, 1);
    await the.clock.pass(10_000);
    expect(desk.order(id)).toMatchObject({ status: 'FILLED', filled: '0.18', fillsComplete: true });
    expect(desk.fills(id)).toHaveLength(180);
    await desk[Symbol.asyncDispose]();
  });

  it('tells that an order is filled once it can tell at what price', async () => {
    const the = scene();
    const desk = await the.open();
    const told: string[] = [];
    desk.on(({ order }) => told.push(`${order.status} ${order.averagePrice}`));
    const id = await placed(desk, the);
    the.venue.fill(id, 10);
    await the.clock.pass(5000);
    expect(told.filter((each) => each.startsWith('FILLED'))).not.toContain('FILLED null');
    expect(desk.order(id)).toMatchObject({ status: 'FILLED', averagePrice: '100' });
    await desk[Symbol.asyncDispose]();
  });

  it('knows an order by its tag, after a restart too, and sends it to nobody', async () => {
    const the = scene();
    const sent: object[] = [];
    const placeOrder: AnyTrading['placeOrder'] = (order) => {
      sent.push(order);
      return the.venue.trading.placeOrder(order);
    };
    const first = await the.open({ trading: { ...the.venue.trading, placeOrder } });
    const order = first.place({ ...limit(10), tag: 'mine' });
    await the.clock.pass(500);
    expect(first.tagged('mine')).toBe(first.order((await order).clientOrderId));
    await first[Symbol.asyncDispose]();
    const second = await the.open();
    expect(second.tagged('mine')).toMatchObject({ clientOrderId: (await order).clientOrderId, tag: 'mine' });
    expect(second.tagged('other')).toBeUndefined();
    expect(sent).toEqual([{ ...limit(10), clientOrderId: 'speed-0' }]);
    await second[Symbol.asyncDispose]();
  });

  it('amends, and refuses what the checks refuse before anything is sent', async () => {
    const the = scene();
    const names = { venue: 'test', symbol: SYMBOL, venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
    const steps = { contractSize: decimal('1'), tickSize: decimal('0.5'), lotSize: decimal('0.001') };
    const instrument: Instrument = { ...names, ...steps, kind: 'spot', status: 'open' };
    const limits = { maxPosition: decimal('0.02') };
    const desk = await the.open({ contextOf: () => ({ instrument, limits }) });
    const id = await placed(desk, the, 15);
    await expect(desk.place(limit(6))).rejects.toThrow('nearest legal: 0.005');
    await expect(desk.place({ ...limit(1), price: decimal('100.3') })).rejects.toThrow('nearest legal: 100 or 100.5');
    await expect(desk.amend(id, { amount: fromLots(21) })).rejects.toThrow('nearest legal: 0.02');
    const amended = desk.amend(id, { amount: fromLots(20) });
    await the.clock.pass(500);
    expect((await amended).status).toBe('accepted');
    expect(desk.order(id).amount).toBe('0.020');
    expect(the.venue.arrivals).toEqual([id]);
    expect(() => desk.order('speed-x')).toThrow('No order "speed-x"');
  });

  it('counts orders that go out at the same time against the limits of each other', async () => {
    const the = scene();
    const names = { venue: 'test', symbol: SYMBOL, venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
    const steps = { contractSize: decimal('1'), tickSize: decimal('0.5'), lotSize: decimal('0.001') };
    const context = { instrument: { ...names, ...steps, kind: 'spot', status: 'open' } as Instrument };
    const desk = await the.open({ contextOf: () => ({ ...context, limits: { maxPosition: decimal('0.02') } }) });
    const [first, second] = [desk.place(limit(15)), desk.place(limit(15))];
    await expect(second).rejects.toThrow('nearest legal: 0.005');
    await expect(desk.placeAll([limit(3), limit(3)])).rejects.toThrow('nearest legal: 0.002');
    const both = desk.placeAll([limit(3), limit(2)]);
    await the.clock.pass(500);
    expect([await first, ...(await both)].map((each) => each.status)).toEqual(['OPEN', 'OPEN', 'OPEN']);
    expect(the.venue.arrivals).toHaveLength(3);
  });

  it('sends a batch as the venue takes it, after one write of the journal, and judges each order by itself', async () => {
    const the = scene();
    const sizes: number[] = [];
    const placeOrders: NonNullable<AnyTrading['placeOrders']> = async (orders) => {
      const nth = sizes.push(orders.length);
      expect((await the.journal.replay()).length).toBe(5);
      const outcomes = await Promise.all(orders.map((each) => the.venue.trading.placeOrder(each)));
      if (nth === 2) throw new SpeedError('timeout', 'no answer');
      return outcomes;
    };
    const desk = await the.open({ trading: { ...the.venue.trading, placeOrders }, batchSize: 3, account: undefined });
    // 13 lots are refused by this venue.
    const placed = desk.placeAll([limit(1), limit(13), limit(2), limit(3), limit(26)]);
    await the.clock.pass(100);
    expect((await placed).map((each) => each.status).slice(0, 3)).toEqual(['OPEN', 'REJECTED', 'OPEN']);
    expect((await placed)[4]!.status).toBe('UNKNOWN');
    await the.clock.pass(20_000);
    expect(sizes).toEqual([3, 2]);
    expect(desk.orders().map((each) => each.status)).toEqual(['OPEN', 'REJECTED', 'OPEN', 'OPEN', 'REJECTED']);
  });

  it('lets go of what is long over', async () => {
    const the = scene();
    const desk = await the.open({ keepMs: 60_000 });
    const id = await placed(desk, the);
    the.venue.fill(id, 10);
    await the.clock.pass(30_000);
    expect(desk.order(id).status).toBe('FILLED');
    await the.clock.pass(90_000);
    expect(desk.orders()).toEqual([]);
    expect(await the.journal.replay()).toEqual([]);
  });
});
