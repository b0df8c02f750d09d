import type { Account, OrderAct, UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import * as rows from '../rows.js';
import { instTypeOf } from '../text.js';
import { say, VenueError } from '../venue-error.js';
import { balanceRow, feeRow, fillRow, orderRow, positionRow } from './bodies.js';
import type { FillRecord, TradingDesk } from './desk.js';
import { attempt, type Fields, type Result, showOrder } from './orders.js';
import { agreed } from './refusals.js';

/** What is answered: rows, or what became of orders. */
export type AccountAnswer = { readonly data: readonly unknown[] } | { readonly results: readonly Result[] };

/** A route of an account. */
export interface AccountRoute {
  readonly method: 'GET' | 'POST';
  /** Path below `/api/v5`. */
  readonly path: string;
  readonly per2s: number;
  run(desk: TradingDesk, account: Account, params: Params, body: unknown): AccountAnswer;
}

const BATCH = 20;
const PAGE = 100;

const get = (path: string, per2s: number, run: (desk: TradingDesk, account: Account, params: Params) => readonly unknown[]) =>
  ({ method: 'GET', path, per2s, run: (desk, account, params) => ({ data: run(desk, account, params) }) }) satisfies AccountRoute;
const post = (path: string, per2s: number, run: (desk: TradingDesk, account: Account, fields: Fields) => readonly unknown[]) =>
  ({
    method: 'POST',
    path,
    per2s,
    run: (desk, account, _, body) => ({ data: run(desk, account, body as Fields) }),
  }) satisfies AccountRoute;
const orders = (path: string, per2s: number, action: OrderAct['action']): AccountRoute => ({
  method: 'POST',
  path,
  per2s,
  run: (desk, account, _, body) => ({ results: elements(body).map((fields) => attempt(desk, account, action, fields)) }),
});

/** https://www.okx.com/docs-v5/en/#order-book-trading-trade and #trading-account-rest-api */
export const ACCOUNT_ROUTES: readonly AccountRoute[] = [
  orders('/trade/order', 60, 'place'),
  orders('/trade/batch-orders', 300, 'place'),
  orders('/trade/cancel-order', 60, 'cancel'),
  orders('/trade/cancel-batch-orders', 300, 'cancel'),
  orders('/trade/amend-order', 60, 'amend'),
  orders('/trade/amend-batch-orders', 300, 'amend'),
  post('/trade/cancel-all-after', 2, cancelAllAfter),
  get('/trade/order', 60, (desk, account, params) => [
    showOrder(desk, account, fieldsOf(params, ['instId', 'ordId', 'clOrdId'])),
  ]),
  get('/trade/orders-pending', 60, (desk, account, params) => listed(desk, account, params, account.openOrders())),
  get('/trade/orders-history', 40, history),
  get('/trade/orders-history-archive', 20, history),
  get('/trade/fills', 60, fills),
  get('/trade/fills-history', 10, fills),
  get('/account/balance', 10, (desk, account, params) => [balanceRow(desk, account, params.optional('ccy')?.split(','))]),
  get('/account/positions', 10, positions),
  get('/account/config', 5, (_, account) => [config(account)]),
  get('/account/trade-fee', 5, (desk, _, params) => [feeRow(desk, params.required('instType'))]),
  get('/account/leverage-info', 20, leverage),
  get('/account/instruments', 20, instruments),
  get('/asset/currencies', 12, currencies),
  post('/account/set-leverage', 40, setLeverage),
  post('/account/set-position-mode', 5, setPositionMode),
];

/** One order, or a list of them. @throws VenueError 50014, 51000 */
function elements(body: unknown): readonly Fields[] {
  const list = Array.isArray(body) ? (body as readonly unknown[]) : [body];
  if (list.length === 0 || list.some((each) => typeof each !== 'object' || each === null)) throw say.wrong('body');
  if (list.length > BATCH) throw new VenueError('50014', `No more than ${BATCH} orders at once.`);
  return list as readonly Fields[];
}

function fieldsOf(params: Params, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, params.optional(name)]));
}

/** Newest first; `after` and `before` are order ids. */
function listed(desk: TradingDesk, account: Account, params: Params, all: readonly UserOrder[]): readonly unknown[] {
  const [type, instId] = [params.optional('instType'), params.optional('instId')];
  const chosen = all.filter(
    ({ symbol }) =>
      (instId === undefined || symbol === instId) && (type === undefined || instTypeOf(desk.market(symbol).listing) === type),
  );
  const newest = chosen.toSorted((a, b) => b.createdAt - a.createdAt);
  const after = params.optional('after');
  const from = after === undefined ? 0 : newest.findIndex(({ id }) => String(id) === after) + 1;
  return newest.slice(from, from + params.integer('limit', PAGE, PAGE)).map((order) => orderRow(desk, account, order));
}

function history(desk: TradingDesk, account: Account, params: Params): readonly unknown[] {
  const open = new Set<UserOrder>(account.openOrders());
  const ended = account.orders.filter((order) => !open.has(order));
  params.required('instType');
  return listed(desk, account, params, ended);
}

function fills(desk: TradingDesk, account: Account, params: Params): readonly unknown[] {
  const [type, instId, ordId] = [params.optional('instType'), params.optional('instId'), params.optional('ordId')];
  const [begin = 0, end = Number.POSITIVE_INFINITY] = [params.time('begin'), params.time('end')];
  const chosen = desk
    .fills(account.id)
    .filter(
      ({ symbol, orderId, time }: FillRecord) =>
        (instId === undefined || symbol === instId) &&
        (ordId === undefined || String(orderId) === ordId) &&
        (type === undefined || instTypeOf(desk.market(symbol).listing) === type) &&
        time >= begin &&
        time <= end,
    );
  return params.page(chosen, ({ id }) => id, [PAGE, PAGE]).map((fill) => fillRow(desk, fill));
}

function positions(desk: TradingDesk, account: Account, params: Params): readonly unknown[] {
  const [type, instId] = [params.optional('instType'), params.optional('instId')?.split(',')];
  return account.positions
    .filter(({ size, terms }) => size !== 0 && (instId?.includes(terms.symbol) ?? true))
    .filter(({ terms }) => type === undefined || instTypeOf(desk.market(terms.symbol).listing) === type)
    .map((position) => positionRow(desk, account, position));
}

function config(account: Account): unknown {
  const uid = String(Number.parseInt(account.credentials.apiKey.slice(0, 6), 36));
  const posMode = account.hedgeMode ? 'long_short_mode' : 'net_mode';
  return {
    acctLv: '2',
    posMode,
    uid,
    mainUid: uid,
    perm: 'read_only,trade',
    level: 'Lv1',
    kycLv: '2',
    settleCcy: '',
    feeType: '0',
  };
}

function leverage(_: TradingDesk, account: Account, params: Params): readonly unknown[] {
  const [instIds, mgnMode] = [params.required('instId').split(','), params.required('mgnMode')];
  const sides = account.hedgeMode ? ['long', 'short'] : ['net'];
  return instIds.flatMap((instId) =>
    sides.map((posSide) => ({ instId, mgnMode, posSide, lever: String(account.leverage(instId)), ccy: '' })),
  );
}

function setLeverage(desk: TradingDesk, account: Account, fields: Fields): readonly unknown[] {
  const { instId, lever, mgnMode } = fields as Readonly<Record<string, string>>;
  const set = agreed(desk.accounts.setLeverage(account, desk.market(String(instId)).listing.venueSymbol, Number(lever)), 'set');
  return [{ instId, lever: String(set), mgnMode, posSide: 'net' }];
}

function setPositionMode(desk: TradingDesk, account: Account, { posMode }: Fields): readonly unknown[] {
  if (posMode !== 'net_mode' && posMode !== 'long_short_mode') throw say.wrong('posMode');
  const answer = desk.accounts.setHedgeMode(account, posMode === 'long_short_mode');
  if (answer.ok || answer.reason !== 'no-change') agreed(answer, 'set');
  return [{ posMode }];
}

/** Seconds: 0, or 10 to 120. */
function cancelAllAfter(desk: TradingDesk, account: Account, { timeOut }: Fields): readonly unknown[] {
  const seconds = Number(timeOut);
  if (!(seconds === 0 || (seconds >= 10 && seconds <= 120))) throw say.wrong('timeOut');
  desk.cancelAllAfter(account, seconds * 1_000);
  return [{ triggerTime: seconds === 0 ? '0' : String(desk.now() + seconds * 1_000), tag: '', ts: String(desk.now()) }];
}

function instruments({ context }: TradingDesk, _: Account, params: Params): readonly unknown[] {
  const type = context.type(params);
  return context.venue.listings
    .filter((listing) => instTypeOf(listing) === type)
    .map((listing) => rows.instrument(listing, context.codeOf(listing)));
}

function currencies({ context }: TradingDesk): readonly unknown[] {
  const assets = new Set(context.venue.listings.flatMap(({ base, quote, kind }) => (kind === 'spot' ? [base, quote] : [])));
  return [...assets].map((ccy) => ({
    ccy,
    name: ccy,
    chain: `${ccy}-${ccy}`,
    mainNet: true,
    canDep: true,
    canWd: true,
    canInternal: true,
    minDep: '0.0001',
    minWd: '0.001',
    maxWd: '1000',
    wdTickSz: '8',
    fee: '0.0001',
    minFee: '0.0001',
    maxFee: '0.001',
  }));
}
