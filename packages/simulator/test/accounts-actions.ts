import fc from 'fast-check';
import type { Account, OrderRequest } from '../src/index.js';
import type { Book, TestExchange } from './accounts.js';

/** One step of a random run; `who` and `pick` are taken modulo what there is. */
export type AccountAction =
  | {
      readonly do: 'place';
      readonly who: number;
      readonly order: Omit<OrderRequest, 'symbol' | 'price' | 'size' | 'trigger' | 'expiresAt'>;
      readonly lots: number;
      readonly offset: number;
      /** Spot: sleeps until the price is so many steps away. */
      readonly sleepsUntil: number | undefined;
      readonly lifetimeMs: number | undefined;
    }
  | {
      readonly do: 'conditional';
      readonly who: number;
      readonly side: 'buy' | 'sell';
      readonly lots: number;
      readonly offset: number;
      readonly trails: boolean;
    }
  | { readonly do: 'isolate'; readonly who: number }
  | { readonly do: 'moveMargin'; readonly who: number; readonly dollars: number }
  | { readonly do: 'amend'; readonly who: number; readonly pick: number; readonly lots: number; readonly offset: number }
  | { readonly do: 'cancel'; readonly who: number; readonly pick: number }
  | { readonly do: 'cancelAll'; readonly who: number }
  | { readonly do: 'leverage'; readonly who: number; readonly leverage: number }
  | { readonly do: 'hedge'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number };

const who = fc.nat(2);
const pick = fc.nat();
const lots = fc.integer({ min: 1, max: 40 });
/** Mostly around the touch, sometimes far enough to ruin somebody. */
const offset = fc.oneof({ weight: 7, arbitrary: fc.integer({ min: -5, max: 5 }) }, fc.constantFrom(-900, -300, 300, 900));
const place = fc.record({
  do: fc.constant('place' as const),
  who,
  lots,
  offset,
  sleepsUntil: fc.constantFrom(undefined, undefined, undefined, -2, 2),
  lifetimeMs: fc.constantFrom(undefined, undefined, undefined, 1500),
  order: fc.record({
    selfTrade: fc.constantFrom(undefined, undefined, 'expire-taker' as const, 'expire-maker' as const, 'expire-both' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    kind: fc.constantFrom('limit' as const, 'limit' as const, 'limit' as const, 'market' as const),
    timeInForce: fc.constantFrom('GTC' as const, 'GTC' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const),
    postOnly: fc.constantFrom(false, false, false, true),
    reduceOnly: fc.constantFrom(false, false, false, true),
    positionSide: fc.constantFrom('long' as const, 'short' as const),
    clientId: fc.constantFrom(undefined, undefined, undefined, 'twice'),
  }),
});

export const accountActions = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: place },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('amend' as const), who, pick, lots, offset }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('cancel' as const), who, pick }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancelAll' as const), who }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('leverage' as const), who, leverage: fc.constantFrom(1, 20, 125, 126) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('hedge' as const), who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('isolate' as const), who }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('moveMargin' as const), who, dollars: fc.constantFrom(-50_000, 50_000, 9_000_000) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('conditional' as const),
        who,
        side: fc.constantFrom('buy' as const, 'sell' as const),
        lots,
        offset: fc.integer({ min: -4, max: 4 }),
        trails: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10, 2000, 60_000, 120_000) }) },
  ),
  { minLength: 20, maxLength: 120, size: 'max' },
);

/** Lots in one unit of an action's size, so that a few orders use up an account. */
const UNIT: Readonly<Record<Book, number>> = { spot: 300_000, linear: 30_000, inverse: 25_000 };
const STEP = 0.0002;

/** Carries out one action; refusals are as good an outcome as any. */
export function act(x: TestExchange, book: Book, action: AccountAction): void {
  if (action.do === 'wait') {
    x.venue.clock.advance(action.ms);
    return;
  }
  const account = x.everyone[action.who % x.everyone.length]!;
  if (action.do === 'place') placeOrder(x, book, account, action);
  else if (action.do === 'cancelAll') x.accounts.cancelAll(account, x.symbol);
  else if (action.do === 'leverage') x.accounts.setLeverage(account, x.symbol, action.leverage);
  else if (action.do === 'hedge') x.accounts.setHedgeMode(account, book !== 'spot' && !account.hedgeMode);
  else if (action.do === 'isolate') x.accounts.setIsolated(account, x.symbol, !account.isIsolated(x.symbol));
  else if (action.do === 'moveMargin') moveMargin(x, book, account, action.dollars);
  else if (action.do === 'conditional') placeConditional(x, book, account, action);
  else change(x, book, account, action);
}

function moveMargin({ accounts }: TestExchange, book: Book, account: Account, dollars: number): void {
  const unit = book === 'inverse' ? 1000n : 100_000_000n;
  for (const position of account.positions) accounts.moveMargin(account, position, BigInt(dollars) * unit);
}

function placeConditional(
  x: TestExchange,
  book: Book,
  account: Account,
  { side, lots, offset, trails }: Extract<AccountAction, { do: 'conditional' }>,
): void {
  if (book === 'spot') return;
  const positionSide = account.hedgeMode ? ('long' as const) : undefined;
  const order = { symbol: x.symbol, side, kind: 'market', size: sizeOf(x, book, lots), positionSide } as const;
  const direction = trails === (side === 'sell') ? 'fall' : 'rise';
  const condition = trails ? { trail: { callback: '0.0002' } } : { price: priceOf(x, offset) };
  x.accounts.placeConditional(account, { order, by: 'last', direction, ...condition });
}

function placeOrder(x: TestExchange, book: Book, account: Account, action: Extract<AccountAction, { do: 'place' }>): void {
  const { order, lots, offset, sleepsUntil, lifetimeMs } = action;
  const positionSide = account.hedgeMode ? order.positionSide : undefined;
  const reduceOnly = order.reduceOnly && book !== 'spot';
  const price = order.kind === 'limit' ? priceOf(x, offset) : undefined;
  const direction = (sleepsUntil ?? 0) > 0 ? 'rise' : 'fall';
  const trigger =
    book === 'spot' && sleepsUntil ? ({ by: 'last', direction, price: priceOf(x, sleepsUntil) } as const) : undefined;
  const expiresAt = lifetimeMs && x.venue.clock.now() + lifetimeMs;
  const request = { ...order, symbol: x.symbol, size: sizeOf(x, book, lots), price, positionSide, reduceOnly };
  x.accounts.place(account, { ...request, trigger, expiresAt });
}

function change(x: TestExchange, book: Book, account: Account, action: Extract<AccountAction, { pick: number }>): void {
  const open = account.openOrders();
  const target = open[action.pick % Math.max(1, open.length)];
  if (!target) return;
  if (action.do === 'cancel') x.accounts.cancel(account, target);
  else x.accounts.amend(account, target, { price: priceOf(x, action.offset), size: sizeOf(x, book, action.lots) });
}

function sizeOf(x: TestExchange, book: Book, lots: number): string {
  return x.market.grid.formatSize(lots * UNIT[book]);
}

function priceOf(x: TestExchange, offset: number): string {
  return x.market.grid.formatPrice(x.market.grid.nearestTicks(90_000 * (1 + offset * STEP)));
}
