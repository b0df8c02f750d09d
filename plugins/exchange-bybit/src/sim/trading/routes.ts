import { type Account, formatUnits, type Market, Position, RATE_SCALE, Terms, type UserOrder } from '@speed-protocol/simulator';
import { categoryOf, keyOf } from '../listing.js';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import { executionRow, orderRow, positionRow, walletRow } from './bodies.js';
import { type FillRecord, isNamed, type TradingDesk } from './desk.js';
import { type Fields, textOf } from './orders.js';
import { agreed } from './refusals.js';

/** A route of an account. */
export interface AccountRoute {
  readonly method: 'GET' | 'POST';
  /** Path below `/v5`. */
  readonly path: string;
  /** Requests of an account in a second. */
  readonly perSecond: number;
  /** The `result` of the answer. */
  run(desk: TradingDesk, account: Account, params: Params, body: Fields): object;
}

const get = (
  path: string,
  perSecond: number,
  run: (desk: TradingDesk, account: Account, params: Params) => object,
): AccountRoute => ({
  method: 'GET',
  path,
  perSecond,
  run,
});
const post = (
  path: string,
  perSecond: number,
  run: (desk: TradingDesk, account: Account, body: Fields) => object,
): AccountRoute => ({
  method: 'POST',
  path,
  perSecond,
  run: (desk, account, _, body) => run(desk, account, body),
});

/** https://bybit-exchange.github.io/docs/v5/order, /position and /account; orders themselves are in `commands.ts`. */
export const ACCOUNT_ROUTES: readonly AccountRoute[] = [
  get('/order/realtime', 50, openOrders),
  get('/order/history', 50, orderHistory),
  get('/execution/list', 50, executions),
  get('/position/list', 50, positions),
  get('/account/wallet-balance', 50, wallet),
  get('/account/fee-rate', 5, feeRate),
  get('/account/info', 50, info),
  get('/user/query-api', 10, keyInfo),
  get('/asset/coin/query-info', 5, coins),
  get('/account/instruments-info', 50, () => ({ category: 'spot', list: [], nextPageCursor: '' })),
  post('/order/cancel-all', 10, cancelAll),
  post('/position/set-leverage', 10, setLeverage),
  post('/position/switch-mode', 10, switchMode),
  post('/account/set-margin-mode', 5, setMarginMode),
];

/** Contracts are asked for by symbol, coin or settle coin. @throws VenueError 10001 when a linear question says none of them */
function isAskedFor(desk: TradingDesk, params: Params): (key: string) => boolean {
  const category = desk.context.category(params.required('category'));
  const [symbol, settleCoin, baseCoin] = [params.optional('symbol'), params.optional('settleCoin'), params.optional('baseCoin')];
  if (category === 'linear' && symbol === undefined && settleCoin === undefined && baseCoin === undefined) {
    throw say.wrong('symbol, settleCoin or baseCoin is required');
  }
  return (key) => {
    const { listing } = desk.market(key);
    const isProduct = categoryOf(listing) === category && (symbol ?? listing.venueSymbol) === listing.venueSymbol;
    return isProduct && (settleCoin ?? listing.settle) === listing.settle && (baseCoin ?? listing.base) === listing.base;
  };
}

const isOpen = ({ status }: UserOrder) => status === 'open' || status === 'partially-filled';
const RECENTLY_CLOSED = 500;

/** Open orders; with an id, or `openOnly=1`, those that have ended lately too. */
function openOrders(desk: TradingDesk, account: Account, params: Params) {
  const isAsked = isAskedFor(desk, params);
  const name = { orderId: params.optional('orderId'), orderLinkId: params.optional('orderLinkId') };
  const isNamedOne = name.orderId !== undefined || name.orderLinkId !== undefined;
  const all = desk.orders(account).filter(({ symbol }) => isAsked(symbol));
  const lately = all.filter((order) => !isOpen(order)).slice(-RECENTLY_CLOSED);
  const ended = isNamedOne || params.optional('openOnly') === '1' ? lately : [];
  const chosen = [...all.filter(isOpen), ...ended].filter((order) => !isNamedOne || isNamed(order, name));
  return pageOf(desk, params, chosen, [20, 50]);
}

function orderHistory(desk: TradingDesk, account: Account, params: Params) {
  const isAsked = params.optional('category') === 'linear' ? inCategory(desk, 'linear', params) : isAskedFor(desk, params);
  const name = { orderId: params.optional('orderId'), orderLinkId: params.optional('orderLinkId') };
  const isNamedOne = name.orderId !== undefined || name.orderLinkId !== undefined;
  const ended = desk.orders(account).filter((order) => isAsked(order.symbol) && !isOpen(order));
  return pageOf(
    desk,
    params,
    ended.filter((order) => !isNamedOne || isNamed(order, name)),
    [20, 50],
  );
}

/** History may be asked for without a symbol. */
function inCategory(desk: TradingDesk, category: string, params: Params): (key: string) => boolean {
  const symbol = params.optional('symbol');
  return (key) => desk.categoryOf(key) === category && (symbol === undefined || desk.market(key).listing.venueSymbol === symbol);
}

/** Newest first. */
function pageOf(desk: TradingDesk, params: Params, orders: readonly UserOrder[], limits: readonly [number, number]) {
  const newest = orders.toSorted((a, b) => b.createdAt - a.createdAt);
  const { rows, nextPageCursor } = params.page(newest, limits);
  return { category: params.required('category'), list: rows.map((order) => orderRow(desk, order)), nextPageCursor };
}

const SEVEN_DAYS_MS = 7 * 86_400_000;

/** Newest first; seven days at once. */
function executions(desk: TradingDesk, account: Account, params: Params) {
  const isAsked = inCategory(desk, desk.context.category(params.required('category')), params);
  const [orderId, orderLinkId] = [params.optional('orderId'), params.optional('orderLinkId')];
  const [start, end] = windowOf(params, desk.now());
  if (end - start > SEVEN_DAYS_MS) throw say.wrong('the time range is more than 7 days');
  const chosen = desk
    .fills(account.id)
    .filter(
      (fill: FillRecord) =>
        isAsked(fill.symbol) &&
        (orderId === undefined || String(fill.orderId) === orderId) &&
        (orderLinkId === undefined || fill.clientId === orderLinkId) &&
        fill.time >= start &&
        fill.time <= end,
    );
  const { rows, nextPageCursor } = params.page(chosen.toReversed(), [50, 100]);
  return { category: params.required('category'), list: rows.map((fill) => executionRow(desk, fill)), nextPageCursor };
}

/** Of start and end the other follows, seven days away. */
function windowOf(params: Params, now: number): readonly [start: number, end: number] {
  const [start, end] = [params.whole('startTime'), params.whole('endTime')];
  if (start !== undefined) return [start, end ?? start + SEVEN_DAYS_MS];
  return [(end ?? now) - SEVEN_DAYS_MS, end ?? now];
}

/** Flat legs come for an asked symbol: one, or two in hedge mode. */
function positions(desk: TradingDesk, account: Account, params: Params) {
  const isAsked = isAskedFor(desk, params);
  const category = params.required('category');
  if (category === 'spot') throw say.wrong('category invalid');
  const symbol = params.optional('symbol');
  const held = account.positions.filter(({ size, terms }) => size !== 0 && isAsked(terms.symbol));
  const shown = symbol === undefined ? held : legsOf(account, desk.context.marketOf(category, symbol));
  const { rows, nextPageCursor } = params.page(shown, [20, 200]);
  return { category, list: rows.map((position) => positionRow(desk, account, position, 'avgPrice')), nextPageCursor };
}

function legsOf(account: Account, { listing }: Market): readonly Position[] {
  const legs = account.hedgeMode ? (['long', 'short'] as const) : (['net'] as const);
  const terms = new Terms(listing);
  return legs.map((leg) => account.findPosition(terms.symbol, leg) ?? new Position(terms, leg));
}

function wallet(desk: TradingDesk, account: Account, params: Params) {
  if (params.required('accountType') !== 'UNIFIED') throw say.wrong('accountType only support UNIFIED');
  return { list: [walletRow(desk, account, params.optional('coin')?.split(','))] };
}

function feeRate(desk: TradingDesk, _: Account, params: Params) {
  const category = params.required('category');
  const { maker, taker } = desk.accounts.rates;
  const rate = (units: bigint) => formatUnits(units, RATE_SCALE).replace(/0+$/, '');
  const listed = desk.context.listings(params);
  const list = listed.map(({ venueSymbol }) => ({ symbol: venueSymbol, takerFeeRate: rate(taker), makerFeeRate: rate(maker) }));
  return { category, list };
}

/** A unified account 2.0. */
function info(desk: TradingDesk, account: Account) {
  return {
    marginMode: desk.isIsolated(account) ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN',
    updatedTime: String(desk.now()),
    unifiedMarginStatus: 5,
    dcpStatus: 'OFF',
    timeWindow: 10,
    smpGroup: 0,
    isMasterTrader: false,
    spotHedgingStatus: 'OFF',
  };
}

function keyInfo(_: TradingDesk, account: Account) {
  return {
    id: account.id,
    note: account.id,
    apiKey: account.credentials.apiKey,
    readOnly: 0,
    secret: '',
    permissions: {
      ContractTrade: ['Order', 'Position'],
      Spot: ['SpotTrade'],
      Wallet: [],
      Options: [],
      Derivatives: ['DerivativesTrade'],
    },
    ips: ['*'],
    type: 1,
    uta: 1,
    userID: 1,
    isMaster: true,
    kycLevel: 'LEVEL_1',
    kycRegion: '',
  };
}

function coins({ context }: TradingDesk) {
  const held = new Set(context.venue.listings.flatMap(({ base, quote, kind }) => (kind === 'spot' ? [base, quote] : [])));
  const chain = { chainType: 'Simulated', confirmation: '1', withdrawFee: '0.0001', depositMin: '0', withdrawMin: '0.001' };
  const rows = [...held].map((coin) => ({
    name: coin,
    coin,
    remainAmount: '1000000',
    chains: [{ chain: coin, ...chain, chainDeposit: '1', chainWithdraw: '1', minAccuracy: '8', withdrawPercentageFee: '0' }],
  }));
  return { rows };
}

/** Contracts by symbol, coin or settle coin; spot by symbol, or all of it. At most 500 at once. */
function cancelAll(desk: TradingDesk, account: Account, body: Fields) {
  const names = ['category', 'symbol', 'settleCoin', 'baseCoin'] as const;
  const asked = (name: (typeof names)[number]) => textOf(body, name);
  const category = desk.context.category(asked('category'));
  if (category !== 'spot' && names.slice(1).every((name) => asked(name) === undefined)) {
    throw say.wrong('symbol, settleCoin or baseCoin is required');
  }
  const symbol = asked('symbol');
  if (symbol !== undefined) desk.context.marketOf(category, symbol);
  const chosen = account.openOrders().filter((order) => {
    const { listing } = desk.market(order.symbol);
    return (
      categoryOf(listing) === category &&
      (symbol ?? listing.venueSymbol) === listing.venueSymbol &&
      (asked('settleCoin') ?? listing.settle) === listing.settle &&
      (asked('baseCoin') ?? listing.base) === listing.base
    );
  });
  const ended = chosen
    .slice(0, RECENTLY_CLOSED)
    .filter(({ symbol: key, id }) => desk.accounts.cancel(account, { symbol: key, id }).ok);
  return { list: ended.map(({ id, clientId }) => ({ orderId: String(id), orderLinkId: clientId })), success: '1' };
}

function setLeverage(desk: TradingDesk, account: Account, body: Fields) {
  const category = desk.context.category(textOf(body, 'category'));
  const { listing } = desk.context.marketOf(category, textOf(body, 'symbol'));
  const [buy, sell] = [textOf(body, 'buyLeverage'), textOf(body, 'sellLeverage')];
  if (buy === undefined || buy !== sell) throw say.wrong('buyLeverage and sellLeverage must be equal');
  const key = keyOf(category, listing.venueSymbol);
  if (account.leverage(key) === Number(buy)) agreed({ ok: false, reason: 'no-change' }, category);
  agreed(desk.accounts.setLeverage(account, key, Number(buy)), category);
  return {};
}

const MODES: Readonly<Record<string, boolean>> = { 0: false, 3: true };

/** Perpetuals in USDT alone. */
function switchMode(desk: TradingDesk, account: Account, body: Fields) {
  const on = MODES[textOf(body, 'mode') ?? ''];
  if (on === undefined) throw say.wrong('mode invalid');
  if (textOf(body, 'category') !== 'linear') throw say.wrong('category invalid');
  if (textOf(body, 'coin') === undefined && textOf(body, 'symbol') === undefined) throw say.wrong('symbol or coin is required');
  const answer = desk.accounts.setHedgeMode(account, on);
  if (!answer.ok && answer.reason === 'no-change') throw new VenueError(110025, 'Position mode is not modified');
  agreed(answer, 'linear');
  return {};
}

const MARGIN_MODES: Readonly<Record<string, boolean>> = { REGULAR_MARGIN: false, ISOLATED_MARGIN: true };

function setMarginMode(desk: TradingDesk, account: Account, body: Fields) {
  const on = MARGIN_MODES[textOf(body, 'setMarginMode') ?? ''];
  if (on === undefined) throw say.wrong('setMarginMode invalid');
  desk.setIsolated(account, on);
  return { reasons: [] };
}
