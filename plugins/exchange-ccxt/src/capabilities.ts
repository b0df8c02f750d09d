import type { AccountDeclaration, CapabilityDeclaration, FeedName, MarketDeclaration } from '@speed-protocol/core';
import type { CcxtExchange } from './types.js';
import { FEEDS, type FeedRow } from './websocket/topics.js';

type Has = CcxtExchange['has'];

/** Anything but `true` is missing, emulated out of other calls, or unknown. */
export const has = (exchange: Pick<CcxtExchange, 'has'>, method: string): boolean => exchange.has[method] === true;

/** What a venue can do through ccxt, by ccxt's own `has`. */
export function capabilitiesOf(exchange: CcxtExchange): CapabilityDeclaration {
  const market = marketOf(exchange);
  const account = accountOf(exchange);
  return {
    ...(market.feeds.length > 0 && { market }),
    ...(has(exchange, 'fetchFundingRate') && {
      funding: { current: true, predicted: false, history: has(exchange, 'fetchFundingRateHistory') },
    }),
    ...(isTradable(exchange.has) && {
      trading: {
        orderTypes: has(exchange, 'createMarketOrder') ? ['limit', 'market'] : ['limit'],
        timeInForce: timesOf(exchange),
        reduceOnly: account.positions,
        // ccxt says neither whether an edited order keeps its id, nor whether a batch stands order by order.
        orderSocket: false,
        deadMansSwitch: false,
      },
      account,
    }),
  };
}

function marketOf(exchange: CcxtExchange): MarketDeclaration {
  const rows = FEEDS.filter(({ watch, fetch }) => has(exchange, watch) || has(exchange, fetch));
  const feeds = [...new Set(rows.map(({ feed }) => feed))];
  const isPolled = (feed: FeedName) => rows.filter((row) => row.feed === feed).every((row: FeedRow) => !has(exchange, row.watch));
  const intervals = Object.keys(exchange.timeframes ?? {});
  return {
    feeds: feeds.filter((feed) => feed !== 'candle' || intervals.length > 0),
    ...(feeds.includes('candle') && { candleIntervals: intervals }),
    ...(feeds.some(isPolled) && { polled: feeds.filter(isPolled) }),
  };
}

/** An order that cannot be asked for can never be settled. */
function isTradable({ createOrder, cancelOrder, fetchOrder, fetchOpenOrders, fetchMyTrades, fetchBalance }: Has): boolean {
  return [createOrder, cancelOrder, fetchOrder, fetchOpenOrders, fetchMyTrades, fetchBalance].every((each) => each === true);
}

function accountOf(exchange: CcxtExchange): AccountDeclaration {
  const positions = has(exchange, 'fetchPositions');
  return { positions, hedgeMode: positions && has(exchange, 'fetchPositionMode') && has(exchange, 'setPositionMode') };
}

interface Feature {
  readonly createOrder?: { readonly timeInForce?: Readonly<Record<string, boolean>> } | undefined;
}

/** Of every kind of market that ccxt describes the features of: only what all of them have. */
function timesOf(exchange: CcxtExchange): ('GTC' | 'IOC' | 'FOK' | 'POST_ONLY')[] {
  const features = Object.values((exchange as unknown as { readonly features?: Record<string, unknown> }).features ?? {});
  const kinds = features.flatMap((each) => leaves(each)).map(({ createOrder }) => createOrder?.timeInForce ?? {});
  const all = (name: string) => kinds.length > 0 && kinds.every((each) => each[name] === true);
  return [
    'GTC',
    ...(all('IOC') ? ['IOC' as const] : []),
    ...(all('FOK') ? ['FOK' as const] : []),
    ...(all('PO') ? ['POST_ONLY' as const] : []),
  ];
}

/** `features` is by kind of market, and of contracts by linear and inverse besides. */
function leaves(feature: unknown): readonly Feature[] {
  if (typeof feature !== 'object' || feature === null) return [];
  if ('createOrder' in feature) return [feature as Feature];
  return Object.values(feature).flatMap(leaves);
}
