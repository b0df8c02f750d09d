import {
  type Balance,
  type Decimal,
  type FeeRates,
  type Fill,
  type Order,
  type OrderSide,
  type OrderStatus,
  type Position,
  type PositionSide,
  SpeedError,
  type TimeInForce,
} from '@speed-protocol/core';
import { averageOf, exactOf, exactUnlessZero, sumOf } from '@speed-protocol/wire';
import type {
  WireFill,
  WireFuturesBalance,
  WireFuturesCommission,
  WireOrder,
  WirePosition,
  WireSpotAccount,
  WireSpotCommission,
  WireSymbolConfig,
} from './types.js';

/** https://developers.binance.com/docs: "Order status". What is not listed is nothing that an order of ours becomes. */
const STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: 'OPEN',
  PENDING_NEW: 'OPEN',
  PENDING_CANCEL: 'OPEN',
  PARTIALLY_FILLED: 'PARTIALLY_FILLED',
  FILLED: 'FILLED',
  CANCELED: 'CANCELED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
  // Self-trade prevention.
  EXPIRED_IN_MATCH: 'EXPIRED',
};

const TYPE: Readonly<Record<string, string>> = { LIMIT: 'limit', MARKET: 'market', LIMIT_MAKER: 'limit' };
const TIME: Readonly<Record<string, TimeInForce>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK', GTX: 'POST_ONLY' };
const SIDE: Readonly<Record<string, OrderSide>> = { BUY: 'buy', SELL: 'sell' };
const LEG: Readonly<Record<string, PositionSide>> = { LONG: 'long', SHORT: 'short' };

const isZero = (text: string): boolean => Number(text) === 0;

export function statusFromWire(status: string): OrderStatus {
  return STATUS[status] ?? 'UNKNOWN';
}

export function orderSideFromWire(side: string): OrderSide {
  const known = SIDE[side];
  if (known) return known;
  throw new SpeedError('protocol', `field "side" must be BUY or SELL and is ${JSON.stringify(side)}`);
}

export function legFromWire(positionSide: string | undefined): PositionSide | null {
  return LEG[positionSide ?? ''] ?? null;
}

/** The type as we name it, and how long it stands; market orders stand no time. */
export function kindFromWire(type: string, time: string | undefined): Pick<Order, 'type' | 'timeInForce'> {
  if (type === 'LIMIT_MAKER') return { type: 'limit', timeInForce: 'POST_ONLY' };
  return { type: TYPE[type] ?? type, timeInForce: type === 'MARKET' ? null : (TIME[time ?? ''] ?? null) };
}

/** @param symbol unified */
export function orderFromWire(venue: string, symbol: string, wire: WireOrder): Order {
  const { type, timeInForce } = kindFromWire(wire.origType ?? wire.type, wire.timeInForce);
  const filled = exactOf(wire.executedQty, 'executedQty');
  return {
    venue,
    symbol,
    clientOrderId: wire.origClientOrderId || wire.clientOrderId || null,
    venueOrderId: String(wire.orderId),
    side: orderSideFromWire(wire.side),
    type,
    timeInForce,
    status: statusFromWire(wire.status),
    price: type === 'market' ? null : exactUnlessZero(wire.price, 'price'),
    amount: exactOf(wire.origQty ?? wire.qty, 'origQty'),
    filled,
    averagePrice: averageFromWire(wire, filled),
    reduceOnly: wire.reduceOnly ?? null,
    positionSide: legFromWire(wire.positionSide),
    reason: wire.expiryReason ?? null,
    updatedAt: wire.updateTime ?? wire.transactTime ?? wire.workingTime ?? wire.time ?? 0,
  };
}

function averageFromWire(wire: WireOrder, filled: Decimal): Decimal | null {
  const cost = wire.cummulativeQuoteQty ?? wire.cumulativeQuoteQty;
  if (cost === undefined) return exactUnlessZero(wire.avgPrice, 'avgPrice');
  // Negative: an order so old that the venue does not know.
  return Number(cost) > 0 ? averageOf(exactOf(cost, 'cummulativeQuoteQty'), filled) : null;
}

/** @param symbol unified */
export function fillFromWire(venue: string, symbol: string, wire: WireFill): Fill {
  const isSpot = venue === 'binance';
  const maker = isSpot ? wire.isMaker : wire.maker;
  return {
    venue,
    symbol,
    tradeId: String(wire.id),
    venueOrderId: String(wire.orderId),
    clientOrderId: null,
    side: isSpot ? (wire.isBuyer ? 'buy' : 'sell') : orderSideFromWire(wire.side ?? ''),
    price: exactOf(wire.price, 'price'),
    amount: exactOf(wire.qty, 'qty'),
    fee: exactOf(wire.commission, 'commission'),
    feeCurrency: wire.commissionAsset,
    liquidity: maker ? 'maker' : 'taker',
    realizedPnl: isSpot ? null : exactOf(wire.realizedPnl, 'realizedPnl'),
    positionSide: legFromWire(wire.positionSide),
    time: wire.time,
  };
}

/** Currencies of which there is something. */
export function spotBalancesFromWire(venue: string, { balances }: WireSpotAccount): Balance[] {
  return balances
    .filter(({ free, locked }) => !isZero(free) || !isZero(locked))
    .map(({ asset, free, locked }) => spotBalance(venue, asset, free, locked));
}

export function spotBalance(venue: string, currency: string, free: string, locked: string): Balance {
  return {
    venue,
    currency,
    total: sumOf(exactOf(free, 'free'), exactOf(locked, 'locked')),
    free: exactOf(free, 'free'),
  };
}

/** Currencies of which there is something. */
export function futuresBalancesFromWire(venue: string, rows: readonly WireFuturesBalance[]): Balance[] {
  return rows
    .filter(({ balance, availableBalance }) => !isZero(balance) || !isZero(availableBalance))
    .map(({ asset, balance, availableBalance }) => ({
      venue,
      currency: asset,
      total: exactOf(balance, 'balance'),
      free: exactOf(availableBalance, 'availableBalance'),
    }));
}

/** Positions that are open. @param symbolOf unified, by the venue's id */
export function positionsFromWire(
  venue: string,
  rows: readonly WirePosition[],
  configs: ReadonlyMap<string, WireSymbolConfig>,
  symbolOf: (venueSymbol: string) => string,
): Position[] {
  return rows
    .filter(({ positionAmt }) => !isZero(positionAmt))
    .map((row) => {
      const config = row.leverage === undefined ? configs.get(row.symbol) : row;
      return {
        venue,
        symbol: symbolOf(row.symbol),
        positionSide: legFromWire(row.positionSide),
        amount: exactOf(row.positionAmt, 'positionAmt'),
        entryPrice: exactUnlessZero(row.entryPrice, 'entryPrice'),
        markPrice: exactUnlessZero(row.markPrice, 'markPrice'),
        liquidationPrice: exactUnlessZero(row.liquidationPrice, 'liquidationPrice'),
        unrealizedPnl: exactOf(row.unRealizedProfit, 'unRealizedProfit'),
        leverage: config?.leverage === undefined ? null : Number(config.leverage),
        marginMode: marginModeFromWire(config?.marginType),
        updatedAt: row.updateTime,
      };
    });
}

/** `CROSSED`, `cross`, `ISOLATED`, `isolated`: each route spells it in its own way. */
export function marginModeFromWire(text: string | undefined): 'cross' | 'isolated' | null {
  if (text === undefined || text === '') return null;
  return /^iso/i.test(text) ? 'isolated' : 'cross';
}

export function feeRatesFromWire(wire: WireSpotCommission | WireFuturesCommission): FeeRates {
  if ('makerCommissionRate' in wire) {
    return {
      maker: exactOf(wire.makerCommissionRate, 'makerCommissionRate'),
      taker: exactOf(wire.takerCommissionRate, 'takerCommissionRate'),
    };
  }
  const parts = [wire.standardCommission, wire.specialCommission, wire.taxCommission].filter((part) => part !== undefined);
  return {
    maker: sumOf(...parts.map(({ maker }) => exactOf(maker, 'maker'))),
    taker: sumOf(...parts.map(({ taker }) => exactOf(taker, 'taker'))),
  };
}
