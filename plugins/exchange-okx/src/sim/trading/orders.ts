import type { Account, Market, OrderAct, OrderRequest, UserOrder, UserOrderRef } from '@speed-protocol/simulator';
import { say, VenueError } from '../venue-error.js';
import { detailsOf, orderRow } from './bodies.js';
import type { TradingDesk, WireDetails } from './desk.js';
import { agreed } from './refusals.js';

/** Fields of a JSON body as sent: text, now and then a number or a boolean. */
export type Fields = Readonly<Record<string, unknown>>;

/** What became of one order of a request. */
export interface Result {
  readonly row: Record<string, unknown>;
  readonly act: OrderAct;
}

/** Carries one element of a request out. */
type OrderAction = (desk: TradingDesk, account: Account, fields: Fields) => UserOrder;

const TYPES = ['market', 'limit', 'post_only', 'fok', 'ioc', 'optimal_limit_ioc'];
const CLIENT_ID = /^[A-Za-z0-9]{1,32}$/;
const DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

function required(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === undefined) throw new VenueError('50014', `Parameter ${name} can not be empty.`);
  return value;
}

function word(fields: Fields, name: string, words: readonly string[]): string {
  const value = required(fields, name);
  if (!words.includes(value)) throw say.wrong(name);
  return value;
}

function amount(fields: Fields, name: string): string {
  const value = required(fields, name);
  if (!DECIMAL.test(value)) throw say.wrong(name);
  return value;
}

/** The instrument of a request: its name, or on sockets its number. */
function instIdOf(desk: TradingDesk, fields: Fields): string {
  const code = text(fields, 'instIdCode');
  const instId =
    code === undefined ? required(fields, 'instId') : desk.context.venue.listings[Number(code) - FIRST_CODE]?.venueSymbol;
  return desk.market(instId ?? '').listing.venueSymbol;
}

const FIRST_CODE = 1_000;

/** Which order a request names: by the venue's id, else by the client's. */
function refOf(desk: TradingDesk, fields: Fields): UserOrderRef {
  const symbol = instIdOf(desk, fields);
  const [ordId, clOrdId] = [text(fields, 'ordId'), text(fields, 'clOrdId')];
  if (ordId !== undefined) return { symbol, id: Number(ordId) };
  if (clOrdId !== undefined) return { symbol, clientId: clOrdId };
  throw new VenueError('50014', 'Either parameter ordId or clOrdId is required.');
}

const place: OrderAction = (desk, account, fields) =>
  agreed(desk.accounts.place(account, readOrder(desk, account, fields)), 'place');

const cancel: OrderAction = (desk, account, fields) => agreed(desk.accounts.cancel(account, refOf(desk, fields)), 'cancel');

const amend: OrderAction = (desk, account, fields) => {
  const [size, price] = [text(fields, 'newSz'), text(fields, 'newPx')];
  if (size === undefined && price === undefined) throw new VenueError('50014', 'Parameter newSz or newPx can not be empty.');
  for (const value of [size, price]) if (value !== undefined && !DECIMAL.test(value)) throw say.wrong('newSz');
  return agreed(desk.accounts.amend(account, refOf(desk, fields), { size, price }), 'amend');
};

function readOrder(desk: TradingDesk, account: Account, fields: Fields): OrderRequest {
  const symbol = instIdOf(desk, fields);
  const market = desk.market(symbol);
  const ordType = word(fields, 'ordType', TYPES);
  const side = word(fields, 'side', ['buy', 'sell']) as 'buy' | 'sell';
  const kind = ordType === 'market' || ordType === 'optimal_limit_ioc' ? 'market' : 'limit';
  const clientId = text(fields, 'clOrdId');
  if (clientId !== undefined && !CLIENT_ID.test(clientId)) throw say.wrong('clOrdId');
  const details: WireDetails = {
    ordType,
    tdMode: word(fields, 'tdMode', ['cash', 'cross', 'isolated', 'spot_isolated']),
    tgtCcy: text(fields, 'tgtCcy') ?? '',
    tag: text(fields, 'tag') ?? '',
  };
  return {
    symbol,
    side,
    kind,
    size: sizeOf(market, side, kind, amount(fields, 'sz'), details),
    price: kind === 'limit' ? amount(fields, 'px') : undefined,
    timeInForce: ordType === 'fok' ? 'FOK' : ordType === 'ioc' ? 'IOC' : kind === 'limit' ? 'GTC' : undefined,
    postOnly: ordType === 'post_only',
    // Acknowledged all the same, and canceled a moment later.
    wouldTake: 'expire',
    ...sideOfPosition(account, market, fields),
    clientId,
    details,
    selfTrade: 'expire-maker',
  };
}

/** In hedge mode the leg must be named and `reduceOnly` means nothing; in net mode it is the other way round. */
function sideOfPosition(
  account: Account,
  { listing }: Market,
  fields: Fields,
): Pick<OrderRequest, 'positionSide' | 'reduceOnly'> {
  if (listing.kind === 'spot') return {};
  const posSide = text(fields, 'posSide') ?? 'net';
  if (!(account.hedgeMode ? ['long', 'short'] : ['net']).includes(posSide)) throw say.wrong('posSide');
  if (account.hedgeMode) return { positionSide: posSide as 'long' | 'short' };
  return { reduceOnly: text(fields, 'reduceOnly') === 'true' };
}

/** Market buys of spot are counted in quote unless said otherwise: as many lots as the book gives for it now. */
function sizeOf(market: Market, side: string, kind: string, sz: string, { tgtCcy }: WireDetails): string {
  const inQuote =
    market.listing.kind === 'spot' &&
    kind === 'market' &&
    (tgtCcy || (side === 'buy' ? 'quote_ccy' : 'base_ccy')) === 'quote_ccy';
  if (!inQuote) return sz;
  const levels = side === 'buy' ? market.engine.asks : market.engine.bids;
  let left = Number(sz);
  let lots = 0;
  for (let rank = 0; left > 0 && rank < levels.depth; rank++) {
    const { price, total } = levels.at(rank)!;
    const worth = market.grid.price(price) * market.grid.size(1);
    const taken = Math.min(total, Math.floor(left / worth));
    lots += taken;
    left -= taken * worth;
    if (taken < total) break;
  }
  if (lots === 0) throw new VenueError('51020', 'Your order should meet or exceed the minimum order amount.');
  return market.grid.formatSize(lots);
}

/** Carries out one element, and says what became of it in the venue's way. */
export function attempt(desk: TradingDesk, account: Account, action: OrderAct['action'], fields: Fields): Result {
  const asked = { clOrdId: text(fields, 'clOrdId') ?? '', tag: text(fields, 'tag') ?? '' };
  const act = {
    action,
    account: account.id,
    symbol: text(fields, 'instId') ?? '',
    orderId: text(fields, 'ordId'),
    clientId: asked.clOrdId,
  };
  const rest = { ts: String(desk.now()), subCode: '', ...(action === 'amend' && { reqId: text(fields, 'reqId') ?? '' }) };
  try {
    const order = ACTIONS[action](desk, account, fields);
    const row = {
      ordId: String(order.id),
      clOrdId: asked.clOrdId,
      tag: detailsOf(order).tag,
      sCode: '0',
      sMsg: action === 'place' ? 'Order placed' : '',
      ...rest,
    };
    return { row, act: { ...act, symbol: order.symbol, orderId: String(order.id), clientId: order.clientId, done: true } };
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    const row = { ordId: text(fields, 'ordId') ?? '', ...asked, sCode: error.code, sMsg: error.message, ...rest };
    return { row, act: { ...act, done: false } };
  }
}

const ACTIONS: Readonly<Record<OrderAct['action'], OrderAction>> = { place, cancel, amend };

/** Code and message over all elements. */
export function verdict(results: readonly Result[]): { readonly code: string; readonly msg: string } {
  const failed = results.filter(({ act }) => !act.done).length;
  if (failed === 0) return { code: '0', msg: '' };
  return failed === results.length
    ? { code: '1', msg: 'All operations failed' }
    : { code: '2', msg: 'Bulk operation partially successful.' };
}

/** @throws VenueError 51603 */
export function showOrder(desk: TradingDesk, account: Account, fields: Fields): Record<string, unknown> {
  const order = desk.order(account, refOf(desk, fields));
  if (!order) throw new VenueError('51603', 'Order does not exist');
  return orderRow(desk, account, order);
}
