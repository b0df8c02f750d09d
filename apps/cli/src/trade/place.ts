import { randomUUID } from 'node:crypto';
import type { ClientAccount, OrderWish, SpeedClient } from '@speed-protocol/client';
import { FINAL_STATUSES, nearest } from '@speed-protocol/core';
import type { AccountView, OrderView } from '@speed-protocol/protocol';
import type { PlaceOptions } from '../commands/trade.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { confirm } from './confirm.js';
import { openSession } from './session.js';
import { orderTable } from './tables.js';

export interface Ticket {
  readonly symbol: string;
  readonly side: string;
  readonly amount: string;
}

const SIDES = ['buy', 'sell'] as const;
const TIMES = ['GTC', 'IOC', 'FOK', 'POST_ONLY'] as const;

/** Places one order after a yes; with `--wait` follows it to its end. */
export async function place(console: Console, ticket: Ticket, options: PlaceOptions): Promise<void> {
  const wish = wishOf(ticket, options);
  await using session = await openSession(console, options);
  const { view, desk } = session.account();
  await confirm(console, view, describe(wish), options.yes);
  const order = await send(session.client, desk, view, wish, options);
  if (options.json) await printJson(console, order);
  else await write(console, orderTable([order]));
  report(console, order, options);
}

function wishOf({ symbol, side, amount }: Ticket, { price, tif, reduceOnly }: PlaceOptions): OrderWish {
  const common = { symbol, amount, side: oneOf('side', SIDES, side.toLowerCase()), ...(reduceOnly && { reduceOnly }) };
  if (price === undefined && tif !== undefined) throw new UsageError('--tif is for limit orders; give --price as well');
  if (price === undefined) return { ...common, type: 'market' };
  return { ...common, type: 'limit', price, ...(tif !== undefined && { timeInForce: oneOf('--tif', TIMES, tif.toUpperCase()) }) };
}

function oneOf<T extends string>(what: string, known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  const near = nearest(text, known);
  throw new UsageError(`${what} must be one of ${known.join(', ')}, not "${text}"${near ? `; did you mean ${near}?` : ''}`);
}

function describe({ side, amount, symbol, type, price, timeInForce, reduceOnly }: OrderWish): string {
  const at = type === 'market' ? 'at market' : `at ${price} ${timeInForce ?? 'GTC'}`;
  return `${side} ${amount} ${symbol} ${at}${reduceOnly ? ', reduce only' : ''}`;
}

/** Events are heard before the order leaves: its end may be told before the answer to it. */
async function send(
  client: SpeedClient,
  desk: ClientAccount,
  view: AccountView,
  wish: OrderWish,
  { wait, timeout }: PlaceOptions,
) {
  const ref = randomUUID();
  if (!wait) return desk.place({ ...wish, ref });
  const signal = AbortSignal.timeout(timeout * 1000);
  let latest: OrderView | undefined;
  let wake = () => {};
  const hear = (order: OrderView) => {
    // The answer may be older than what events have said by then.
    if (order.ref !== ref || (latest && isFinal(latest))) return;
    latest = order;
    wake();
  };
  await using _ = await client.onAccounts(
    (event) => void (event.type === 'order' && event.account === view.account && hear(event.order)),
    {
      follow: 'own',
    },
  );
  hear(await desk.place({ ...wish, ref }));
  while (latest && !isFinal(latest) && !signal.aborted) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  return latest as unknown as OrderView;
}

/** Its end is known, and so are the fills that led to it: they may be told after it. */
const isFinal = ({ status, fillsComplete }: OrderView): boolean => FINAL_STATUSES.has(status) && fillsComplete;

/** @throws ReportedFailure when the order was refused, or is not where it was to be */
function report(console: Console, order: OrderView, { wait, timeout }: PlaceOptions): void {
  const problem = problemOf(order, wait === true, timeout);
  if (problem === null) return;
  note(console, `speed: ${problem}`);
  throw new ReportedFailure(problem);
}

function problemOf({ status, reason, clientOrderId }: OrderView, wait: boolean, timeout: number): string | null {
  if (status === 'REJECTED') return `the venue refused the order: ${reason ?? 'it did not say why'}`;
  if (status === 'UNKNOWN')
    return `nobody knows yet whether the order arrived; do not send it again, ask with: speed trade order ${clientOrderId}`;
  if (!wait || FINAL_STATUSES.has(status)) return null;
  return `still ${status} after ${timeout} s; it goes on working`;
}
