import type { AccountListener } from '@speed-protocol/client';
import type { CommandName, FillView, OrderView } from '@speed-protocol/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Cell, FrameBatch } from '../cell.js';
import type { Gateway } from '../gateway.js';
import { Trading } from './trading.js';

const VIEW = { account: 'one', venue: 'v', environment: 'sim', state: 'ready', reason: null, killed: false, mayTrade: true };
const order = (clientOrderId: string, status: OrderView['status']) =>
  ({ account: 'one', clientOrderId, status, createdAt: 1 }) as OrderView;
const fill = (tradeId: string, clientOrderId: string) => ({ tradeId, clientOrderId, symbol: 'S' }) as FillView;

let answers: Partial<Record<CommandName, unknown>>;
let called: [CommandName, object][];
let tell: AccountListener;
let memory: Map<string, string>;
let trading: Trading;
let later: (() => void)[];
let seq: number;

/** Lets what was called be answered. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const event = (members: object) => tell({ seq: ++seq, account: 'one', ...members } as never);
const calls = (name: CommandName) => called.filter(([command]) => command === name).map(([, params]) => params);
const live = () => trading.accounts!.get('one')!;

beforeEach(async () => {
  called = [];
  later = [];
  seq = 0;
  memory = new Map();
  answers = {
    ...{ accounts: { accounts: [VIEW] }, orders: { orders: [order('a', 'OPEN')] }, fills: { fills: [] } },
    ...{ positions: { positions: [] }, balances: { balances: [] }, watch_pnl: {} },
  };
  const gateway: Gateway = {
    connected: true,
    onConnection: () => undefined,
    subscribe: () => () => undefined,
    followAccounts: (on) => {
      tell = on;
    },
    async call(command, params) {
      called.push([command, params as object]);
      const answer = answers[command];
      if (answer instanceof Error) throw answer;
      return answer as never;
    },
  };
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, text: string) => void memory.set(key, text),
  };
  trading = new Trading(gateway, storage, new Cell(new FrameBatch(() => undefined)), (_ms, run) => later.push(run));
  trading.start();
  tell({ type: 'relist', reason: 'new' });
  await settled();
});

describe('Trading', () => {
  it('lists first, then keeps orders by their events', () => {
    expect(live().open.map(({ clientOrderId }) => clientOrderId)).toEqual(['a']);
    event({ type: 'order', order: order('a', 'FILLED') });
    event({ type: 'order', order: order('b', 'OPEN') });
    expect([live().open.map((each) => each.clientOrderId), live().over.map((each) => each.clientOrderId)]).toEqual([
      ['b'],
      ['a'],
    ]);
  });

  it('shows a fill once, however often it is told', () => {
    event({ type: 'fill', fill: fill('1', 'a') });
    event({ type: 'fill', fill: fill('1', 'a') });
    expect(live().fills.length).toBe(1);
  });

  it('follows the profit of an order as soon as something of it is filled', async () => {
    answers.place = { order: order('c', 'OPEN') };
    answers.watch_pnl = new Error('nothing of it is filled');
    await trading.place(live(), { symbol: 'S', side: 'buy', type: 'market', amount: '1' }, 'mine');
    await settled();
    expect([trading.drawn, live().pnl.get('c')?.problem]).toEqual(['c', 'nothing of it is filled']);
    answers.watch_pnl = {};
    event({ type: 'fill', fill: fill('1', 'c') });
    event({ type: 'pnl', pnl: { clientOrderId: 'c', netPnl: '1.5', open: true } });
    expect([calls('watch_pnl').length, live().pnl.get('c')?.values]).toEqual([2, [1.5]]);
  });

  it('does not put an old answer over a newer event', async () => {
    answers.place = { order: order('c', 'OPEN') };
    const placing = trading.place(live(), { symbol: 'S', side: 'buy', type: 'market', amount: '1' }, 'mine');
    event({ type: 'order', order: order('c', 'FILLED') });
    await placing;
    expect(live().orders.get('c')?.status).toBe('FILLED');
  });

  it('lists and watches again when events may have been missed', async () => {
    trading.watch(live(), 'a');
    answers.orders = { orders: [order('a', 'CANCELED'), order('z', 'OPEN')] };
    tell({ type: 'relist', reason: 'server-restarted' });
    await settled();
    expect([live().open.map((each) => each.clientOrderId), calls('watch_pnl').length]).toEqual([['z'], 2]);
  });

  it('forgets a position that is closed, and keeps what an event leaves out', () => {
    const position = { symbol: 'S', positionSide: null, amount: '1', leverage: 20, liquidationPrice: '5', markPrice: '9' };
    event({ type: 'position', position });
    event({ type: 'position', position: { ...position, amount: '2', leverage: null, liquidationPrice: null, markPrice: null } });
    expect([...live().positions.values()]).toMatchObject([{ amount: '2', leverage: 20, liquidationPrice: '5', markPrice: '9' }]);
    event({ type: 'position', position: { ...position, amount: '0' } });
    expect(live().positions.size).toBe(0);
  });

  it('says why an account cannot be listed, and asks again', async () => {
    answers.orders = new Error('the venue is away');
    tell({ type: 'relist', reason: 'expired' });
    await settled();
    expect([live().problem, later.length]).toEqual(['the venue is away', 1]);
    answers.orders = { orders: [] };
    later[0]!();
    await settled();
    expect(live().problem).toBeNull();
  });

  it('shows the kill switch and a silent stream', () => {
    event({ type: 'account', state: 'killed', reason: 'by me' });
    event({ type: 'account', state: 'stream-down', reason: 'cut' });
    expect([live().view.killed, live().streamUp]).toEqual([true, false]);
    event({ type: 'account', state: 'resumed', reason: '' });
    expect(live().view.killed).toBe(false);
  });

  it('offers the account first that was used last', async () => {
    answers.accounts = { accounts: [VIEW, { ...VIEW, account: 'two' }, { ...VIEW, account: 'else', venue: 'w' }] };
    tell({ type: 'relist', reason: 'expired' });
    await settled();
    const names = () => trading.of('v').map(({ view }) => view.account);
    expect(names()).toEqual(['one', 'two']);
    trading.choose('v', 'two');
    expect(names()).toEqual(['two', 'one']);
  });
});
