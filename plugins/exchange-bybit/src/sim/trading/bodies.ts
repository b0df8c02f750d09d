import {
  type Account,
  formatUnits,
  MONEY_SCALE,
  type Position,
  RATE_SCALE,
  type UserOrder,
  VALUE_SCALE,
} from '@speed-protocol/simulator';
import { free } from '../text.js';
import type { FillRecord, TradingDesk, WireDetails } from './desk.js';

const AVERAGE_DECIMALS = 8;
const SIDES = { buy: 'Buy', sell: 'Sell' } as const;

/** Why an order ended, in the venue's words. */
const CANCEL_TYPES: Readonly<Record<string, string>> = {
  canceled: 'CancelByUser',
  countdown: 'CancelByDCP',
  liquidation: 'CancelAllBeforeLiq',
  'reduce-only': 'CancelByReduceOnly',
  'self-trade': 'CancelBySmp',
};
const NO_ERROR = 'EC_NoError';
const POSITION_INDEX = { net: 0, long: 1, short: 2 } as const;

const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const money = (units: bigint): string => trim(formatUnits(units, MONEY_SCALE));
const value = (units: bigint): string => trim(formatUnits(units, VALUE_SCALE));

function detailsOf({ details }: UserOrder): WireDetails {
  return (details ?? { timeInForce: 'GTC', marketUnit: '', named: false }) as WireDetails;
}

function statusOf(desk: TradingDesk, { status, filled, symbol }: UserOrder): string {
  if (status === 'open') return 'New';
  if (status === 'partially-filled') return 'PartiallyFilled';
  if (status === 'filled') return 'Filled';
  return filled > 0 && desk.categoryOf(symbol) === 'spot' ? 'PartiallyFilledCanceled' : 'Cancelled';
}

/** A refused post-only, and the rest of an IOC or FOK, end as cancelled: only the reason tells. */
function reasonOf({ status, postOnly, endedBy, timeInForce, filled }: UserOrder): string {
  if (status !== 'expired' || endedBy === 'reduce-only' || endedBy === 'self-trade') return NO_ERROR;
  if (postOnly) return 'EC_PostOnlyWillTakeLiquidity';
  if (timeInForce === 'FOK') return 'EC_NoEnoughQtyToFill';
  return filled > 0 ? 'EC_CancelForNoFullFill' : 'EC_NoImmediateQtyToFill';
}

/** An order as queries and the topic `order` tell it. https://bybit-exchange.github.io/docs/v5/order/open-order */
export function orderRow(desk: TradingDesk, order: UserOrder): Record<string, unknown> {
  const { market } = desk.text(order.symbol);
  const text = desk.text(order.symbol);
  const { timeInForce, marketUnit, quoteQty } = detailsOf(order);
  const fees = new Map<string, bigint>();
  for (const { feeAsset, fee } of desk.fillsOf(order)) fees.set(feeAsset, (fees.get(feeAsset) ?? 0n) + fee);
  const isOpen = order.status === 'open' || order.status === 'partially-filled';
  const left = isOpen ? order.size - order.filled : 0;
  return {
    category: desk.categoryOf(order.symbol),
    symbol: market.listing.venueSymbol,
    orderId: String(order.id),
    orderLinkId: detailsOf(order).named ? order.clientId : '',
    parentOrderLinkId: '',
    blockTradeId: '',
    side: SIDES[order.side],
    positionIdx: POSITION_INDEX[order.leg],
    orderType: order.kind === 'market' ? 'Market' : 'Limit',
    timeInForce,
    price: order.price === undefined ? '0' : text.price(order.price),
    qty: quoteQty ?? text.size(order.size),
    orderStatus: statusOf(desk, order),
    avgPrice: order.filled === 0 ? '' : averagePrice(desk, order),
    leavesQty: left === 0 ? '0' : text.size(left),
    leavesValue:
      left === 0 || order.price === undefined ? '0' : value(desk.accounts.terms(order.symbol)!.value(order.price, left)),
    cumExecQty: order.filled === 0 ? '0' : text.size(order.filled),
    cumExecValue: value(order.filledValue),
    cumExecFee: money([...fees.values()].reduce((sum, fee) => sum + fee, 0n)),
    cumFeeDetail: Object.fromEntries([...fees].map(([asset, fee]) => [asset, money(fee)])),
    closedPnl: money(desk.fillsOf(order).reduce((sum, { profit }) => sum + profit, 0n)),
    createType: order.origin === 'liquidation' ? 'CreateByLiq' : 'CreateByUser',
    cancelType:
      order.status === 'canceled' || order.status === 'expired' ? (CANCEL_TYPES[order.endedBy ?? ''] ?? 'UNKNOWN') : 'UNKNOWN',
    rejectReason: reasonOf(order),
    stopOrderType: '',
    triggerPrice: '',
    triggerDirection: 0,
    triggerBy: '',
    takeProfit: '',
    stopLoss: '',
    // Spot orders come without it, and ccxt tells spot from contracts by it.
    ...(market.listing.kind === 'spot' ? {} : { tpslMode: '' }),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: false,
    isLeverage: '',
    smpType: 'None',
    marketUnit,
    orderIv: '',
    placeType: '',
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
  };
}

function averagePrice(desk: TradingDesk, { symbol, filledValue, filled }: UserOrder): string {
  const units = desk.accounts.terms(symbol)!.meanPrice(filledValue, filled, AVERAGE_DECIMALS);
  return trim(formatUnits(units, AVERAGE_DECIMALS));
}

/** A fill as `execution/list` and the topic `execution` tell it; a fee that is paid is positive. */
export function executionRow(desk: TradingDesk, fill: FillRecord): Record<string, unknown> {
  const text = desk.text(fill.symbol);
  const { listing, pricing } = text.market;
  const { orders } = desk.accounts.get(fill.account)!;
  const order = orders.find(({ symbol, id }) => symbol === fill.symbol && id === fill.orderId)!;
  const isMaker = fill.liquidity === 'maker';
  const { maker, taker } = desk.accounts.rates;
  return {
    category: desk.categoryOf(fill.symbol),
    symbol: listing.venueSymbol,
    execId: String(fill.tradeId),
    orderId: String(fill.orderId),
    orderLinkId: detailsOf(order).named ? fill.clientId : '',
    side: SIDES[fill.side],
    execPrice: text.price(fill.price),
    execQty: text.size(fill.size),
    execValue: value(desk.accounts.terms(fill.symbol)!.value(fill.price, fill.size)),
    execFee: money(fill.fee),
    feeCurrency: fill.feeAsset,
    feeRate: trim(formatUnits(isMaker ? maker : taker, RATE_SCALE)),
    execPnl: listing.kind === 'spot' ? '' : money(fill.profit),
    closedSize: '0',
    execType: order.origin === 'liquidation' ? 'BustTrade' : 'Trade',
    isMaker,
    leavesQty: '0',
    orderQty: text.size(order.size),
    orderPrice: order.price === undefined ? '0' : text.price(order.price),
    orderType: order.kind === 'market' ? 'Market' : 'Limit',
    stopOrderType: 'UNKNOWN',
    markPrice: listing.kind === 'spot' ? '' : text.mark(pricing.mark(desk.now())),
    execTime: String(fill.time),
    isLeverage: '0',
    blockTradeId: '',
    marketUnit: detailsOf(order).marketUnit,
    seq: text.market.book.lastId,
    extraFees: [],
  };
}

/** What an account holds of one coin. */
function coinRow(desk: TradingDesk, account: Account, coin: string): Record<string, unknown> {
  const { total, locked } = account.balance(coin);
  const { initial, positions, maintenance, unrealized } = desk.accounts.margin(account, coin);
  return {
    coin,
    equity: money(total + unrealized),
    usdValue: '',
    walletBalance: money(total),
    locked: money(locked),
    borrowAmount: '0',
    spotBorrow: '0',
    accruedInterest: '0',
    totalOrderIM: money(initial - positions),
    totalPositionIM: money(positions),
    totalPositionMM: money(maintenance),
    unrealisedPnl: money(unrealized),
    cumRealisedPnl: '0',
    marginCollateral: true,
    collateralSwitch: true,
    availableToWithdraw: '',
    free: '',
    bonus: '0',
    spotHedgingQty: '0',
  };
}

/** The wallet, of all coins or of some. */
export function walletRow(desk: TradingDesk, account: Account, coins?: readonly string[]): Record<string, unknown> {
  const held = account.balances.map(({ asset }) => asset).filter((asset) => coins?.includes(asset) ?? true);
  const dollars = account.balance('USDT').total + desk.accounts.margin(account, 'USDT').unrealized;
  const total = money(dollars);
  return {
    accountType: 'UNIFIED',
    accountIMRate: '0',
    accountMMRate: '0',
    accountLTV: '0',
    totalEquity: total,
    totalWalletBalance: total,
    totalMarginBalance: total,
    totalAvailableBalance: total,
    totalPerpUPL: '0',
    totalInitialMargin: '0',
    totalMaintenanceMargin: '0',
    coin: held.map((coin) => coinRow(desk, account, coin)),
  };
}

/** A leg of a contract; flat ones have no side. @param average name of the entry price: REST and streams differ */
export function positionRow(desk: TradingDesk, account: Account, position: Position, average: 'avgPrice' | 'entryPrice') {
  const { terms, leg, size } = position;
  const text = desk.text(terms.symbol);
  const { grid, listing } = text.market;
  const { mark, exposure, unrealized, initial, maintenance, liquidationPrice } = desk.accounts.risk(account, position);
  const entry = size === 0 ? '0' : trim(formatUnits(position.entryPrice(AVERAGE_DECIMALS), AVERAGE_DECIMALS));
  return {
    category: desk.categoryOf(terms.symbol),
    symbol: listing.venueSymbol,
    positionIdx: POSITION_INDEX[leg],
    side: size === 0 ? '' : size > 0 ? 'Buy' : 'Sell',
    size: size === 0 ? '0' : text.size(Math.abs(size)),
    [average]: entry,
    positionValue: value(exposure < 0n ? -exposure : exposure),
    leverage: String(account.leverage(terms.symbol)),
    markPrice: text.price(mark),
    liqPrice: size === 0 || liquidationPrice === 0 ? '' : free(liquidationPrice * grid.price(1)),
    bustPrice: '',
    positionIM: money(initial),
    positionMM: money(maintenance),
    unrealisedPnl: money(unrealized),
    curRealisedPnl: money(position.realized),
    cumRealisedPnl: money(position.realized),
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    positionStatus: 'Normal',
    adlRankIndicator: 0,
    autoAddMargin: 0,
    isReduceOnly: false,
    riskId: 1,
    riskLimitValue: '2000000',
    tradeMode: account.isIsolated(terms.symbol) ? 1 : 0,
    breakEvenPrice: '',
    seq: text.market.book.lastId,
    createdTime: String(desk.now()),
    updatedTime: String(desk.now()),
  };
}
