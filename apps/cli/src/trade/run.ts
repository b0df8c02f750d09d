import { once } from 'node:events';
import type { AmendOptions, CancelOptions, FilterOptions, TradeOptions } from '../commands/trade.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { endless } from '../running/until-interrupted.js';
import { confirm } from './confirm.js';
import { place } from './place.js';
import { openSession, type Session } from './session.js';
import { accountTable, balanceTable, fillTable, orderTable, pnlLine, positionTable } from './tables.js';

/** Prints one result: JSON where that was asked for. */
async function print<T>(console: Console, { json }: TradeOptions, result: T, render: (result: T) => string): Promise<void> {
  if (json) await printJson(console, result);
  else await write(console, render(result));
}

type Desk = ReturnType<Session['account']>['desk'];

/** An action that asks one thing and prints it. */
const listing =
  <O extends TradeOptions, T>(ask: (desk: Desk, options: O) => Promise<T>, render: (result: T) => string) =>
  async (console: Console, options: O): Promise<void> => {
    await using session = await openSession(console, options);
    await print(console, options, await ask(session.account().desk, options), render);
  };

async function accounts(console: Console, options: TradeOptions): Promise<void> {
  await using session = await openSession(console, options);
  await print(console, options, session.accounts, accountTable);
}

async function amend(console: Console, id: string, options: AmendOptions): Promise<void> {
  const { price, amount } = options;
  if (price === undefined && amount === undefined) throw new UsageError('give --price, --amount, or both');
  await using session = await openSession(console, options);
  const { view, desk } = session.account();
  const change = { ...(price !== undefined && { price }), ...(amount !== undefined && { amount }) };
  const words = Object.entries(change).map(([name, value]) => `${name} ${value}`);
  await confirm(console, view, `change ${id} to ${words.join(', ')}`, options.yes);
  const { outcome, order } = await desk.amend(id, change);
  await print(console, options, { outcome, order }, () => orderTable([order]));
  assertTaken(console, `change of ${id}`, outcome);
}

async function cancel(console: Console, ids: readonly string[], options: CancelOptions): Promise<void> {
  if ((ids.length === 0) !== (options.all === true)) throw new UsageError('name the orders to cancel, or give --all');
  await using session = await openSession(console, options);
  const { view, desk } = session.account();
  const what = options.all ? `every working order${options.symbol ? ` of ${options.symbol}` : ''}` : ids.join(', ');
  await confirm(console, view, `cancel ${what}`, options.yes);
  if (options.all) await cancelAll(console, desk, options);
  else await cancelEach(console, desk, ids, options);
}

async function cancelEach(console: Console, desk: Desk, ids: readonly string[], options: CancelOptions): Promise<void> {
  const results = await Promise.all(ids.map((id) => desk.cancel(id)));
  await print(console, options, results, (all) => orderTable(all.map(({ order }) => order)));
  results.forEach(({ outcome, order }, at) => {
    // An order that is gone is what was wanted, whoever was first.
    if (order.status !== 'CANCELED') assertTaken(console, `cancel of ${ids[at]}`, outcome);
  });
}

async function cancelAll(console: Console, desk: Desk, options: CancelOptions): Promise<void> {
  const report = await desk.cancelAll(options.symbol);
  await print(console, options, report, ({ orders }) => orderTable(orders));
  if (report.confirmed) return;
  note(console, `speed: not confirmed; still there, or not proven gone: ${report.left.join(', ') || 'the venue did not answer'}`);
  throw new ReportedFailure('not confirmed');
}

interface Outcome {
  readonly status: string;
  readonly reason: string | null;
}

function assertTaken(console: Console, what: string, { status, reason }: Outcome): void {
  if (status === 'accepted') return;
  note(console, `speed: ${what}: ${status}${reason ? `: ${reason}` : ''}`);
  throw new ReportedFailure(status);
}

async function order(console: Console, id: string, options: TradeOptions): Promise<void> {
  await using session = await openSession(console, options);
  const found = await session.account().desk.order(id);
  await print(console, options, found, (each) => `${orderTable([each.order])}\n${fillTable(each.fills)}`);
}

const pnl = (console: Console, id: string, options: TradeOptions) => endless(console, () => watchPnl(console, id, options));

async function watchPnl(console: Console, id: string, options: TradeOptions): Promise<void> {
  const { signal } = console;
  await using session = await openSession(console, options);
  const over = new AbortController();
  await using _ = await session.account().desk.watchPnl(id, (update) => {
    console.stdout.write(options.json ? `${JSON.stringify(update)}\n` : `${pnlLine(update)}\n`);
    if (!update.open) over.abort();
  });
  const end = AbortSignal.any([signal, over.signal]);
  // The open connection keeps the process alive.
  if (!end.aborted) await once(end, 'abort');
}

async function killSwitch(console: Console, options: TradeOptions, on: boolean): Promise<void> {
  await using session = await openSession(console, options);
  const { view, desk } = session.account();
  await confirm(console, view, on ? 'cancel everything and place nothing new' : 'let orders be placed again', options.yes);
  const { account } = await desk.killSwitch(on, 'from the terminal');
  await print(console, options, account, (each) => accountTable([each]));
}

async function shutdown(console: Console, options: TradeOptions): Promise<void> {
  await using session = await openSession(console, options);
  const { view, desk } = session.account();
  await confirm(console, view, 'cancel everything, close every position, place nothing new', options.yes);
  const report = await desk.shutdown();
  await print(console, options, report, ({ cancelled, flattened, positions }) =>
    [
      `cancelled: ${orderTable(cancelled.orders)}`,
      `closed by: ${orderTable(flattened)}`,
      `left: ${positionTable(positions)}`,
    ].join('\n'),
  );
  if (report.confirmed) return;
  note(console, `speed: not confirmed: ${report.problems.join('; ') || 'something is left'}`);
  throw new ReportedFailure('not confirmed');
}

/** Filters of a listing as the protocol has them. */
const filterOf = ({ symbol, limit }: FilterOptions) => ({ limit, ...(symbol !== undefined && { symbol }) });

/** What each command below `speed trade` does. */
export const ACTIONS = {
  accounts,
  place,
  amend,
  cancel,
  order,
  pnl,
  shutdown,
  orders: listing(
    (desk, options: FilterOptions) => desk.orders({ ...filterOf(options), ...(!options.all && { open: true }) }),
    orderTable,
  ),
  fills: listing((desk, options: FilterOptions) => desk.fills(filterOf(options)), fillTable),
  positions: listing((desk) => desk.positions(), positionTable),
  balances: listing((desk) => desk.balances(), balanceTable),
  kill: (console: Console, options: TradeOptions) => killSwitch(console, options, true),
  resume: (console: Console, options: TradeOptions) => killSwitch(console, options, false),
} as const;

export type Action = typeof ACTIONS;
