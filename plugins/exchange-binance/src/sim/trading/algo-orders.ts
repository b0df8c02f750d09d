import type { Account, ConditionalOrder, ConditionalRequest } from '@speed-protocol/simulator';
import { LIMITS } from '../filters.js';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import type { Action } from './action.js';
import { algoAck, algoCanceled, algoOrder } from './algo-bodies.js';
import type { TradingDesk } from './desk.js';
import { readPositionSide, readTerms, termsOf } from './futures-order.js';
import { checkFuturesNumbers } from './numbers.js';
import { clientIdOf, sideOf } from './order-params.js';
import { agreed, say as sayOrder } from './refusals.js';

/** A conditional type: what it becomes, and which way the price has to go for a sale (a purchase: the other way). */
interface TypeRow {
  readonly kind: 'limit' | 'market';
  readonly sale: 'rise' | 'fall';
  readonly trails?: true;
}

const TYPES: ReadonlyMap<string, TypeRow> = new Map(
  Object.entries({
    STOP: { kind: 'limit', sale: 'fall' },
    STOP_MARKET: { kind: 'market', sale: 'fall' },
    TAKE_PROFIT: { kind: 'limit', sale: 'rise' },
    TAKE_PROFIT_MARKET: { kind: 'market', sale: 'rise' },
    TRAILING_STOP_MARKET: { kind: 'market', sale: 'fall', trails: true },
  } satisfies Record<string, TypeRow>),
);

const WORKING_TYPES = ['CONTRACT_PRICE', 'MARK_PRICE'] as const;
const CALLBACK = { min: 0.1, max: 20 } as const;

/** `POST algoOrder`. */
const place: Action = (desk, { account }, params) => {
  const request = readConditional(desk, account, params);
  desk.counts.take(account.id, 1, desk.now());
  if (desk.accounts.conditionals.waiting(account).length >= desk.atMost(LIMITS.algoOrders)) {
    throw new VenueError(-4045, 'Reach max stop order limit.');
  }
  return algoAck(desk, agreed(desk.accounts.placeConditional(account, request), 'place', desk.product.family));
};

/** @throws VenueError -1100 to -1130, -4xxx */
function readConditional(desk: TradingDesk, account: Account, params: Params): ConditionalRequest {
  if (params.required('algoType') !== 'CONDITIONAL') throw say.invalid('algoType');
  const symbol = params.symbol();
  desk.market(symbol);
  const [side, type] = [sideOf(params), params.required('type')];
  const row = TYPES.get(type);
  if (!row) throw new VenueError(-1116, 'Invalid orderType.');
  const closesPosition = params.flag('closePosition');
  const workingType = params.word('workingType', WORKING_TYPES, () => say.invalid('workingType')) ?? 'CONTRACT_PRICE';
  const terms = readTerms(desk, params);
  const details = { type, quoteOrderQty: '0', ...terms, stopPrice: readTriggerPrice(params, row) ?? '0', workingType };
  const conditional = { ...details, closePosition: closesPosition, priceProtect: params.flag('priceProtect') };
  return {
    order: {
      symbol,
      side,
      kind: row.kind,
      ...readNumbers(desk, params, { symbol, side, row, closesPosition }),
      ...termsOf(details, row.kind),
      reduceOnly: !account.hedgeMode && (closesPosition || params.flag('reduceOnly')),
      positionSide: readPositionSide(account, params),
      details: { ...details, type: row.kind.toUpperCase(), origType: type },
    },
    by: workingType === 'MARK_PRICE' ? 'mark' : 'last',
    direction: (side === 'sell') === (row.sale === 'fall') ? 'fall' : 'rise',
    price: readTriggerPrice(params, row),
    trail: row.trails && readTrail(desk, params, symbol),
    closesPosition,
    clientId: clientIdOf(params, 'clientAlgoId') ?? clientIdOf(params),
    details: conditional,
  };
}

/** COIN-M clients still say `stopPrice`. */
function readTriggerPrice(params: Params, { trails }: TypeRow): string | undefined {
  if (trails) return undefined;
  const price = params.decimal('triggerPrice') ?? params.decimal('stopPrice');
  if (price === undefined) throw say.missing('triggerPrice');
  return price;
}

interface Sized {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly row: TypeRow;
  readonly closesPosition: boolean;
}

function readNumbers(desk: TradingDesk, params: Params, { symbol, side, row, closesPosition }: Sized) {
  if (closesPosition) {
    if (row.kind === 'limit') throw new VenueError(-4136, 'Target strategy invalid for orderType; closePosition must be false.');
    for (const name of ['quantity', 'reduceOnly']) if (params.has(name)) throw say.unwanted(name.toLowerCase());
    return { size: '0' };
  }
  params.required('quantity');
  const quantity = params.decimal('quantity')!;
  if (row.kind === 'limit') params.required('price');
  const price = row.kind === 'limit' ? params.decimal('price') : undefined;
  checkFuturesNumbers(desk, { symbol, side, quantity });
  if (price !== undefined && desk.terms(symbol).ticks(price) === undefined) {
    throw new VenueError(-4014, 'Price not increased by tick size.');
  }
  return { size: quantity, price };
}

function readTrail(desk: TradingDesk, params: Params, symbol: string) {
  params.required('callbackRate');
  const rate = Number(params.decimal('callbackRate'));
  if (rate < CALLBACK.min || rate > CALLBACK.max) throw new VenueError(-2007, 'Invalid callBack rate.');
  const activation = params.decimal('activatePrice') ?? params.decimal('activationPrice');
  if (activation !== undefined && desk.terms(symbol).ticks(activation) === undefined) {
    throw new VenueError(-4014, 'Price not increased by tick size.');
  }
  return { callback: String(rate / 100), activation };
}

/** @throws VenueError -1102, -2013 */
function find(desk: TradingDesk, account: Account, params: Params): ConditionalOrder {
  const [id, clientId] = [params.integer('algoId'), params.optionalOf(['clientAlgoId', 'clientalgoid'])];
  if (id === undefined && !clientId) throw say.missing('algoId');
  const found = desk.accounts.conditionals.find(account, { id, clientId });
  if (!found) throw sayOrder.unknownOrder();
  return found;
}

const cancel: Action = (desk, { account }, params) => {
  const answer = desk.accounts.cancelConditional(account, find(desk, account, params));
  return algoCanceled(agreed(answer, 'cancel', desk.product.family));
};

const cancelAll: Action = (desk, { account }, params) => {
  const symbol = params.symbol();
  desk.market(symbol);
  for (const waiting of desk.accounts.conditionals.waiting(account)) {
    if (waiting.request.order.symbol === symbol) desk.accounts.cancelConditional(account, waiting);
  }
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
};

const ofSymbol = (symbol: string | undefined) => (order: ConditionalOrder) =>
  symbol === undefined || order.request.order.symbol === symbol;

const open: Action = (desk, { account }, params) =>
  desk.accounts.conditionals
    .waiting(account)
    .filter(ofSymbol(params.optionalSymbol()))
    .map((order) => algoOrder(desk, account, order));

/** From an algo id on, or the newest. */
const all: Action = (desk, { account }, params) => {
  const limit = params.integer('limit', { min: 1, max: 1000 }) ?? 500;
  const from = params.integer('algoId');
  const fitting = desk.accounts.conditionals.all(account).filter(ofSymbol(params.symbol()));
  const page = from === undefined ? fitting.slice(-limit) : fitting.filter(({ id }) => id >= from).slice(0, limit);
  return page.map((order) => algoOrder(desk, account, order));
};

export const ALGO_ACTIONS = {
  'algoOrder.place': place,
  'algoOrder.cancel': cancel,
  'algoOrder.status': (desk, { account }, params) => algoOrder(desk, account, find(desk, account, params)),
  'openAlgoOrders.status': open,
  'openAlgoOrders.cancelAll': cancelAll,
  allAlgoOrders: all,
} satisfies Record<string, Action>;
