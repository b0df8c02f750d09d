import type { Account, Market, OrderAct, OrderRequest, UserOrder } from '@speed-protocol/simulator';
import { keyOf } from '../listing.js';
import { say, VenueError } from '../venue-error.js';
import type { OrderName, TradingDesk, WireDetails } from './desk.js';
import { agreed } from './refusals.js';

/** Fields of a JSON body as sent: text, now and then a number or a boolean. */
export type Fields = Readonly<Record<string, unknown>>;
export type Action = OrderAct['action'];

/** What became of one order of a request. */
export interface Result {
  readonly error: VenueError | undefined;
  readonly row: { readonly orderId: string; readonly orderLinkId: string };
  readonly act: OrderAct;
}

/** Carries one order of a request out. */
type OrderAction = (desk: TradingDesk, account: Account, category: string, fields: Fields) => UserOrder;

const CLIENT_ID = /^[A-Za-z0-9_-]{1,36}$/;
const DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;
const TIMES = ['GTC', 'IOC', 'FOK', 'PostOnly'];
/** What this simulation does not do is refused, so that nobody relies on it. */
const NOT_SIMULATED = ['takeProfit', 'stopLoss', 'triggerPrice', 'bboSideType', 'slippageTolerance'];

export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

function required(fields: Fields, name: string): string {
  const value = textOf(fields, name);
  if (value === undefined) throw say.wrong(`${name} is required`);
  return value;
}

function word(fields: Fields, name: string, words: readonly string[]): string {
  const value = required(fields, name);
  if (!words.includes(value)) throw say.wrong(`${name} invalid`);
  return value;
}

function amount(fields: Fields, name: string): string {
  const value = required(fields, name);
  if (!DECIMAL.test(value)) throw say.wrong(`${name} invalid`);
  return value;
}

function nameOf(fields: Fields): OrderName {
  const [orderId, orderLinkId] = [textOf(fields, 'orderId'), textOf(fields, 'orderLinkId')];
  if (orderId === undefined && orderLinkId === undefined) throw say.wrong('orderId or orderLinkId is required');
  return { orderId, orderLinkId };
}

/** The key and id of the order that a request names. @throws VenueError 110001, 170213 */
function refOf(desk: TradingDesk, account: Account, category: string, fields: Fields) {
  const { listing } = desk.context.marketOf(category, textOf(fields, 'symbol'));
  const symbol = keyOf(category, listing.venueSymbol);
  const order = desk.order(account, symbol, nameOf(fields));
  if (!order) agreed({ ok: false, reason: 'unknown-order' }, category);
  return { symbol, id: order!.id };
}

const place: OrderAction = (desk, account, category, fields) => {
  const request = readOrder(desk, account, category, fields);
  if (category !== 'spot') desk.applyMarginMode(account, request.symbol);
  // Of those that have ended too.
  const { clientId } = request;
  const isTaken = clientId !== undefined && desk.orders(account).some((order) => order.clientId === clientId);
  if (isTaken) agreed({ ok: false, reason: 'duplicate-client-id' }, category);
  const answer = desk.accounts.place(account, request);
  // Acknowledged all the same, and canceled a moment later.
  if (!answer.ok && answer.reason === 'would-take') return desk.addGhost(ghostOf(desk, account, request));
  return agreed(answer, category);
};

const cancel: OrderAction = (desk, account, category, fields) =>
  agreed(desk.accounts.cancel(account, refOf(desk, account, category, fields)), category);

const amend: OrderAction = (desk, account, category, fields) => {
  const [size, price] = [textOf(fields, 'qty'), textOf(fields, 'price')];
  if (size === undefined && price === undefined) throw say.wrong('qty or price is required');
  for (const value of [size, price]) if (value !== undefined && !DECIMAL.test(value)) throw say.wrong('qty or price invalid');
  return agreed(desk.accounts.amend(account, refOf(desk, account, category, fields), { size, price }), category);
};

function readOrder(desk: TradingDesk, account: Account, category: string, fields: Fields): OrderRequest {
  const market = desk.context.marketOf(category, textOf(fields, 'symbol'));
  const unable = NOT_SIMULATED.find((name) => Number(textOf(fields, name) ?? 0) !== 0);
  if (unable !== undefined) throw say.wrong(`${unable} is not simulated`);
  const side = word(fields, 'side', ['Buy', 'Sell']) === 'Buy' ? 'buy' : 'sell';
  const kind = word(fields, 'orderType', ['Market', 'Limit']) === 'Market' ? 'market' : 'limit';
  const timeInForce = kind === 'market' ? 'IOC' : (textOf(fields, 'timeInForce') ?? 'GTC');
  if (!TIMES.includes(timeInForce)) throw say.wrong('timeInForce invalid');
  const clientId = textOf(fields, 'orderLinkId');
  if (clientId !== undefined && !CLIENT_ID.test(clientId)) throw say.wrong('orderLinkId invalid');
  const [qty, marketUnit] = [amount(fields, 'qty'), textOf(fields, 'marketUnit') ?? ''];
  const details: WireDetails = { timeInForce, marketUnit, named: clientId !== undefined };
  const size = sizeOf(market, { side, kind, qty, marketUnit });
  return {
    symbol: keyOf(category, market.listing.venueSymbol),
    side,
    kind,
    size,
    price: kind === 'limit' ? amount(fields, 'price') : undefined,
    timeInForce: kind === 'market' ? undefined : timeInForce === 'PostOnly' ? 'GTC' : (timeInForce as 'GTC' | 'IOC' | 'FOK'),
    postOnly: timeInForce === 'PostOnly',
    ...sideOfPosition(account, market, fields),
    clientId,
    details: size === qty ? details : { ...details, quoteQty: qty },
  };
}

/** In hedge mode the leg must be named; `reduceOnly` then says no more than the leg. */
function sideOfPosition(
  account: Account,
  { listing }: Market,
  fields: Fields,
): Pick<OrderRequest, 'positionSide' | 'reduceOnly'> {
  if (listing.kind === 'spot') return {};
  const index = Number(textOf(fields, 'positionIdx') ?? 0);
  if (account.hedgeMode ? index !== 1 && index !== 2 : index !== 0) throw say.wrong('position idx not match position mode');
  if (account.hedgeMode) return { positionSide: index === 1 ? 'long' : 'short' };
  return { reduceOnly: textOf(fields, 'reduceOnly') === 'true' };
}

interface Asked {
  readonly side: 'buy' | 'sell';
  readonly kind: 'limit' | 'market';
  readonly qty: string;
  readonly marketUnit: string;
}

/** Market buys of spot are counted in quote unless said otherwise: as many lots as the book gives for it now. */
function sizeOf(market: Market, { side, kind, qty, marketUnit }: Asked): string {
  const unit = marketUnit || (side === 'buy' ? 'quoteCoin' : 'baseCoin');
  if (market.listing.kind !== 'spot' || kind !== 'market' || unit !== 'quoteCoin') return qty;
  const levels = side === 'buy' ? market.engine.asks : market.engine.bids;
  let left = Number(qty);
  let lots = 0;
  for (let rank = 0; left > 0 && rank < levels.depth; rank++) {
    const { price, total } = levels.at(rank)!;
    const worth = market.grid.price(price) * market.grid.size(1);
    const taken = Math.min(total, Math.floor(left / worth));
    lots += taken;
    left -= taken * worth;
    if (taken < total) break;
  }
  if (lots === 0) agreed({ ok: false, reason: 'min-notional' }, 'spot');
  return market.grid.formatSize(lots);
}

function ghostOf(desk: TradingDesk, account: Account, request: OrderRequest): Omit<UserOrder, 'id'> {
  const { grid } = desk.market(request.symbol);
  const now = desk.now();
  return {
    account: account.id,
    symbol: request.symbol,
    clientId: request.clientId ?? desk.accounts.drawClientId(),
    side: request.side,
    kind: 'limit',
    timeInForce: 'GTC',
    postOnly: true,
    reduceOnly: request.reduceOnly ?? false,
    leg: request.positionSide ?? 'net',
    origin: 'user',
    createdAt: now,
    price: grid.exactTicks(request.price!)!,
    size: grid.exactLots(request.size)!,
    filled: 0,
    filledValue: 0n,
    status: 'expired',
    updatedAt: now,
    details: request.details,
  };
}

const ACTIONS: Readonly<Record<Action, OrderAction>> = { place, cancel, amend };

/** Carries one order of a request out, and says what became of it. */
export function attempt(desk: TradingDesk, account: Account, action: Action, category: string, fields: Fields): Result {
  const asked = { orderId: textOf(fields, 'orderId'), orderLinkId: textOf(fields, 'orderLinkId') ?? '' };
  const act = { action, account: account.id, symbol: keyOf(category, textOf(fields, 'symbol') ?? '') };
  try {
    const order = ACTIONS[action](desk, account, category, fields);
    const row = { orderId: String(order.id), orderLinkId: (order.details?.['named'] ?? false) ? order.clientId : '' };
    return { error: undefined, row, act: { ...act, orderId: row.orderId, clientId: order.clientId, done: true } };
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    const row = { orderId: '', orderLinkId: asked.orderLinkId };
    return { error, row, act: { ...act, orderId: asked.orderId, clientId: asked.orderLinkId, done: false } };
  }
}
