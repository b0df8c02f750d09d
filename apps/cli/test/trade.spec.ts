import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstLine, interrupt, speed, start } from './harness.js';

const SLOW = 300_000;
const MARKET = 'BTC/USDT:USDT';

interface Order {
  readonly clientOrderId: string;
  readonly status: string;
  readonly symbol: string;
  readonly side: string;
  readonly price: string | null;
  readonly filled: string;
}

describe('speed trade', () => {
  let demo: ChildProcess;
  let reach: string[];
  let last: number;
  beforeAll(async () => {
    demo = start(['demo', '--port', '0', '--seed', '3', '--venues', 'binance,binanceusdm', '--no-record', '--json']);
    const { ws } = JSON.parse(await firstLine(demo)) as { ws: string };
    reach = ['--target', ws, '--account', 'demo-binanceusdm'];
    const { stdout } = await speed(['trade', 'place', MARKET, 'buy', '0.002', ...reach, '--wait', '--yes', '--json']);
    last = Number((JSON.parse(stdout) as { averagePrice: string }).averagePrice);
  }, SLOW);
  afterAll(async () => {
    if (demo.exitCode === null) await interrupt(demo);
  });

  const trade = (...args: string[]) => speed(['trade', ...args, ...reach]);
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await trade(...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  };
  const resting = () => `${Math.floor(last * 0.96)}`;

  it('places, shows, changes and cancels an order', { timeout: SLOW }, async () => {
    const placed = await json<Order>('place', MARKET, 'buy', '0.002', '--price', resting(), '--yes');
    expect(placed).toMatchObject({ status: 'OPEN', symbol: MARKET, side: 'buy', filled: '0' });
    const id = placed.clientOrderId;
    expect((await json<Order[]>('orders')).map(({ clientOrderId }) => clientOrderId)).toEqual([id]);
    expect((await trade('orders')).stdout).toMatch(new RegExp(`^ID.*STATUS.*\n${id} .* OPEN `));
    const { order } = await json<{ order: Order }>('amend', id, '--price', `${Number(resting()) - 10}`, '--yes');
    expect([order.status, Number(order.price)]).toEqual(['OPEN', Number(resting()) - 10]);
    const [cancelled] = await json<{ order: Order }[]>('cancel', id, '--yes');
    expect(cancelled?.order.status).toBe('CANCELED');
    expect(await json('orders')).toEqual([]);
    expect((await json<{ order: Order; fills: unknown[] }>('order', id)).fills).toEqual([]);
  });

  it('waits for a fill, and shows what is held because of it', { timeout: SLOW }, async () => {
    const order = await json<Order>('place', MARKET, 'sell', '0.004', '--wait', '--yes');
    expect(order).toMatchObject({ status: 'FILLED', filled: '0.004' });
    expect(await json<{ symbol: string; amount: string }[]>('positions')).toMatchObject([{ symbol: MARKET, amount: '-0.002' }]);
    expect((await trade('fills')).stdout).toContain(order.clientOrderId);
    expect((await trade('balances')).stdout).toMatch(/^CURRENCY +TOTAL +FREE\n[\s\S]*USDT/);
  });

  it('follows the profit of an order until it is interrupted', { timeout: SLOW }, async () => {
    const order = await json<Order>('place', MARKET, 'buy', '0.002', '--wait', '--yes');
    const watching = start(['trade', 'pnl', order.clientOrderId, ...reach, '--json']);
    expect(JSON.parse(await firstLine(watching))).toMatchObject({ clientOrderId: order.clientOrderId, symbol: MARKET });
    if (watching.exitCode === null) expect(await interrupt(watching)).toBe(0);
  });

  it('cancels all, stops, lets go on, and shuts down with proof', { timeout: SLOW }, async () => {
    await json('place', MARKET, 'buy', '0.002', '--price', resting(), '--yes');
    await json('place', MARKET, 'buy', '0.003', '--price', resting(), '--yes');
    const cancelled = await json<{ orders: Order[]; confirmed: boolean }>('cancel', '--all', '--yes');
    expect([cancelled.confirmed, cancelled.orders.map(({ status }) => status)]).toEqual([true, ['CANCELED', 'CANCELED']]);
    expect(await json('kill', '--yes')).toMatchObject({ killed: true });
    const { code, stderr } = await trade('place', MARKET, 'buy', '0.002', '--yes');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/stopped|kill/i)]);
    expect(await json('resume', '--yes')).toMatchObject({ killed: false });
    await json('place', MARKET, 'buy', '0.003', '--wait', '--yes');
    expect(await json('shutdown', '--yes')).toMatchObject({ confirmed: true, positions: [], problems: [] });
    expect(await json('resume', '--yes')).toMatchObject({ killed: false });
  });

  it.each([
    [['place', MARKET, 'buy', '0.002'], 2, /buy 0\.002 BTC\/USDT:USDT at market: without a terminal to ask on this needs --yes/],
    [['place', MARKET, 'bui', '0.002', '--yes'], 2, /side must be one of buy, sell, not "bui"; did you mean buy\?/],
    [['place', MARKET, 'buy', '0.002', '--tif', 'IOC', '--yes'], 2, /--tif is for limit orders/],
    [['place', 'BTC/USDT:USDX', 'buy', '0.002', '--yes'], 1, /BTC\/USDT:USDT/],
    [['place', MARKET, 'buy', '0.0025', '--yes'], 1, /0\.002.*0\.003/s],
    [['cancel', '--yes'], 2, /name the orders to cancel, or give --all/],
    [['cancel', 'nothing', '--yes'], 1, /nothing/],
    [['amend', 'x', '--yes'], 2, /--price, --amount/],
  ])('refuses %j with exit code %i, and says why', { timeout: SLOW }, async (args, code, message) => {
    const result = await trade(...args);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('names the accounts when none was, and the nearest one', { timeout: SLOW }, async () => {
    const [, target] = reach as [string, string];
    const none = await speed(['trade', 'orders', '--target', target]);
    expect([none.code, none.stderr]).toEqual([2, 'speed: name an account with --account: demo-binance, demo-binanceusdm\n']);
    const near = await speed(['trade', 'orders', '--target', target, '--account', 'demo-binanceusm']);
    expect([near.code, near.stderr]).toEqual([2, expect.stringContaining('did you mean "demo-binanceusdm"?')]);
    expect((await speed(['trade', 'accounts', '--target', target])).stdout).toMatch(/demo-binance +binance +sim +ready +yes/);
  });

  it('says that no server is there', { timeout: SLOW }, async () => {
    const { code, stderr } = await speed(['trade', 'accounts', '--target', 'ws://127.0.0.1:9']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/ECONNREFUSED/)]);
  });
});
