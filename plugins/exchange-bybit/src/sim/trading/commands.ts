import type { Account } from '@speed-protocol/simulator';
import type { Allowance, RollingLimit } from '../rolling-limit.js';
import { say } from '../venue-error.js';
import type { TradingDesk } from './desk.js';
import { type Action, attempt, type Fields, type Result, textOf } from './orders.js';

/** A command over orders, by the last part of its REST path; sockets call it `order.<name>`. */
export interface CommandRow {
  readonly action: Action;
  readonly batch: boolean;
  /** Orders of an account in a second: contracts, and spot apart from them. */
  readonly perSecond: readonly [contracts: number, spot: number];
}

/** https://bybit-exchange.github.io/docs/v5/rate-limit. REST and sockets share the allowances. */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  create: { action: 'place', batch: false, perSecond: [10, 20] },
  amend: { action: 'amend', batch: false, perSecond: [10, 10] },
  cancel: { action: 'cancel', batch: false, perSecond: [10, 20] },
  'create-batch': { action: 'place', batch: true, perSecond: [10, 20] },
  'amend-batch': { action: 'amend', batch: true, perSecond: [10, 20] },
  'cancel-batch': { action: 'cancel', batch: true, perSecond: [10, 20] },
};

const MOST: Readonly<Record<string, number>> = { spot: 10, linear: 20, inverse: 20 };

/** What became of a command, without the envelope. */
export interface Answer {
  /** Of the whole command; batches succeed as a whole whatever becomes of their orders. */
  readonly error: { readonly code: number; readonly message: string } | undefined;
  readonly result: object;
  readonly retExtInfo: object;
  readonly results: readonly Result[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Carries out orders of accounts, whichever way they came. */
export class CommandRoom {
  constructor(
    private readonly desk: TradingDesk,
    private readonly limits: RollingLimit,
  ) {}

  /** @throws VenueError 10001 when the request itself is wrong */
  carryOut(account: Account, name: string, body: Fields): Answer {
    const row = COMMANDS[name]!;
    const category = this.desk.context.category(textOf(body, 'category'));
    const orders = row.batch ? batchOf(body, category) : [body];
    const isSpot = category === 'spot';
    const key = `${account.id} ${name} ${isSpot ? 'spot' : 'contracts'}`;
    const { context } = this.desk;
    const allowance = this.limits.take(key, row.perSecond[isSpot ? 1 : 0], context.elapsed(), orders.length);
    const results = orders.map((fields, i) =>
      i < allowance.granted ? attempt(this.desk, account, row.action, category, fields) : refused(account, row.action, fields),
    );
    const headers = headersOf(allowance, context.now());
    if (!row.batch) {
      const [{ error, row: only }] = results as [Result];
      return { error, result: error ? {} : only, retExtInfo: {}, results, headers };
    }
    const list = results.map(({ row: each }, i) => ({ category, symbol: textOf(orders[i]!, 'symbol') ?? '', ...each }));
    const codes = results.map(({ error }) => ({ code: error?.code ?? 0, msg: error?.message ?? 'OK' }));
    return { error: undefined, result: { list }, retExtInfo: { list: codes }, results, headers };
  }
}

/** @param now by the venue's clock */
export function headersOf({ limit, left, resetsInMs }: Allowance, now: number): Readonly<Record<string, string>> {
  return {
    'X-Bapi-Limit': String(limit),
    'X-Bapi-Limit-Status': String(left),
    'X-Bapi-Limit-Reset-Timestamp': String(Math.floor(now + resetsInMs)),
  };
}

function batchOf({ request }: Fields, category: string): readonly Fields[] {
  if (!Array.isArray(request) || request.length === 0) throw say.wrong('request is required');
  if (request.length > (MOST[category] ?? 0)) throw say.wrong(`request holds more than ${MOST[category]} orders`);
  return request as readonly Fields[];
}

/** Beyond the allowance: the first orders of a batch go through, the rest do not. */
function refused(account: Account, action: Action, fields: Fields): Result {
  const orderLinkId = textOf(fields, 'orderLinkId') ?? '';
  const act = { action, account: account.id, symbol: textOf(fields, 'symbol') ?? '', clientId: orderLinkId, done: false };
  return { error: say.tooMany(), row: { orderId: '', orderLinkId }, act };
}
