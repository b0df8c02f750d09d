import { type Account, formatUnits, MONEY_SCALE, type Position, RATE_SCALE, type UserOrder } from '@speed-protocol/simulator';
import { free, instTypeOf, trim } from '../text.js';
import type { FillRecord, TradingDesk, WireDetails } from './desk.js';

const STATES: Readonly<Record<UserOrder['status'], string>> = {
  open: 'live',
  'partially-filled': 'partially_filled',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'canceled',
};
const AVERAGE_DECIMALS = 8;
/** Why an order was canceled: by its owner, by the countdown, because it would have taken ... */
const SOURCES: Readonly<Record<string, string>> = {
  canceled: '1',
  countdown: '20',
  liquidation: '3',
  'reduce-only': '4',
  'would-take': '31',
  'self-trade': '32',
};
/** Of what is left of an order that does not wait. */
const LEFT_OVER: Readonly<Record<string, string>> = { FOK: '13', IOC: '14' };

const money = (units: bigint): string => trim(formatUnits(units, MONEY_SCALE));
const rate = (units: bigint): string => trim(formatUnits(units, RATE_SCALE));

export function detailsOf({ details }: UserOrder): WireDetails {
  return (details ?? { ordType: 'limit', tdMode: 'cash', tgtCcy: '', tag: '' }) as WireDetails;
}

const posSideOf = ({ leg }: Pick<UserOrder, 'leg'>): string => leg;

/**
 * An order as queries and the channel `orders` tell it.
 * @param event the fill that a message tells of, `null` when it tells of none; absent in queries, which show the last one
 */
export function orderRow(
  desk: TradingDesk,
  account: Account,
  order: UserOrder,
  event?: FillRecord | null,
): Record<string, unknown> {
  const { market } = desk.text(order.symbol);
  const text = desk.text(order.symbol);
  const { ordType, tdMode, tgtCcy, tag } = detailsOf(order);
  const fills = desk.fillsOf(order);
  const last = event === undefined ? fills.at(-1) : (event ?? undefined);
  const fee = fills.reduce((sum, fill) => sum + fill.fee, 0n);
  const spot = market.listing.kind === 'spot';
  return {
    accFillSz: text.size(order.filled),
    algoClOrdId: '',
    algoId: '',
    attachAlgoOrds: [],
    avgPx: order.filled === 0 ? '' : averagePrice(desk, order),
    cTime: String(order.createdAt),
    cancelSource: sourceOf(order),
    category: order.origin === 'liquidation' ? 'full_liquidation' : 'normal',
    ccy: '',
    clOrdId: order.clientId,
    fee: money(-fee),
    execType: last ? (last.liquidity === 'maker' ? 'M' : 'T') : '',
    feeCcy: fills[0]?.feeAsset ?? (spot ? market.listing.base : market.listing.settle),
    fillFee: last ? money(-last.fee) : '0',
    fillFeeCcy: last?.feeAsset ?? '',
    fillPnl: last ? money(last.profit) : '0',
    fillPx: last ? text.price(last.price) : '',
    fillSz: last ? text.size(last.size) : '0',
    fillTime: last ? String(last.time) : '',
    instId: order.symbol,
    instType: instTypeOf(market.listing),
    lever: spot ? '' : String(account.leverage(order.symbol)),
    ordId: String(order.id),
    ordType,
    pnl: money(fills.reduce((sum, fill) => sum + fill.profit, 0n)),
    posSide: spot ? '' : posSideOf(order),
    px: order.price === undefined ? '' : text.price(order.price),
    rebate: '0',
    rebateCcy: '',
    reduceOnly: String(order.reduceOnly),
    side: order.side,
    source: '',
    state: STATES[order.status],
    stpMode: 'cancel_maker',
    sz: text.size(order.size),
    tag,
    tdMode,
    tgtCcy,
    tradeId: last ? String(last.tradeId) : '',
    uTime: String(order.updatedAt),
  };
}

function sourceOf({ endedBy, timeInForce }: UserOrder): string {
  return endedBy === 'expired' ? (LEFT_OVER[timeInForce] ?? '') : (SOURCES[endedBy ?? ''] ?? '');
}

function averagePrice(desk: TradingDesk, { symbol, filledValue, filled }: UserOrder): string {
  const units = desk.accounts.terms(symbol)!.meanPrice(filledValue, filled, AVERAGE_DECIMALS);
  return trim(formatUnits(units, AVERAGE_DECIMALS));
}

/** A fill as `trade/fills` tells it. A fee that is paid is negative. */
export function fillRow(desk: TradingDesk, fill: FillRecord): Record<string, string> {
  const text = desk.text(fill.symbol);
  return {
    billId: String(fill.id),
    clOrdId: fill.clientId,
    execType: fill.liquidity === 'maker' ? 'M' : 'T',
    fee: money(-fill.fee),
    feeCcy: fill.feeAsset,
    fillPnl: money(fill.profit),
    fillPx: text.price(fill.price),
    fillSz: text.size(fill.size),
    fillTime: String(fill.time),
    instId: fill.symbol,
    instType: instTypeOf(text.market.listing),
    ordId: String(fill.orderId),
    posSide: fill.leg,
    side: fill.side,
    tag: '',
    tradeId: String(fill.tradeId),
    ts: String(fill.time),
  };
}

/** What an account holds of one asset. */
export function balanceDetail(desk: TradingDesk, account: Account, ccy: string): Record<string, string> {
  const { total, locked } = account.balance(ccy);
  const { equity, initial, unrealized } = desk.accounts.margin(account, ccy);
  const available = equity - initial - locked;
  const availBal = money(available > 0n ? available : 0n);
  return {
    availBal,
    availEq: availBal,
    cashBal: money(total),
    ccy,
    eq: money(total + unrealized),
    frozenBal: money(locked + initial),
    liab: '0',
    ordFrozen: money(locked),
    uTime: String(desk.now()),
    upl: money(unrealized),
  };
}

export function balanceRow(desk: TradingDesk, account: Account, currencies?: readonly string[]): Record<string, unknown> {
  const held = account.balances.map(({ asset }) => asset).filter((asset) => currencies?.includes(asset) ?? true);
  const details = held.map((asset) => balanceDetail(desk, account, asset));
  return {
    adjEq: '',
    details,
    imr: '',
    isoEq: '0',
    mgnRatio: '',
    mmr: '',
    notionalUsd: '',
    totalEq: '',
    uTime: String(desk.now()),
  };
}

/** A position: signed in net mode, by its side otherwise. */
export function positionRow(desk: TradingDesk, account: Account, position: Position): Record<string, string> {
  const { terms, leg, size } = position;
  const text = desk.text(terms.symbol);
  const { grid, listing } = text.market;
  const { mark, unrealized, initial, maintenance, liquidationPrice } = desk.accounts.risk(account, position);
  const pos = `${size < 0 && leg === 'net' ? '-' : ''}${text.size(Math.abs(size))}`;
  return {
    adl: '1',
    availPos: text.size(Math.abs(size)),
    avgPx: size === 0 ? '' : trim(formatUnits(position.entryPrice(AVERAGE_DECIMALS), AVERAGE_DECIMALS)),
    cTime: String(desk.now()),
    ccy: terms.settle ?? '',
    imr: money(initial),
    instId: terms.symbol,
    instType: instTypeOf(listing),
    lever: String(account.leverage(terms.symbol)),
    liqPx: liquidationPrice === 0 ? '' : free(liquidationPrice * grid.price(1)),
    margin: '',
    markPx: text.price(mark),
    mgnMode: account.isIsolated(terms.symbol) ? 'isolated' : 'cross',
    mgnRatio: '',
    mmr: money(maintenance),
    notionalUsd: '',
    pos,
    posId: `${terms.symbol}-${leg}`,
    posSide: leg,
    realizedPnl: money(position.realized),
    tradeId: '',
    uTime: String(desk.now()),
    upl: money(unrealized),
    uplRatio: '',
  };
}

/** Fractions; what is paid is negative. */
export function feeRow(desk: TradingDesk, instType: string): Record<string, unknown> {
  const maker = `-${rate(desk.accounts.rates.maker)}`;
  const taker = `-${rate(desk.accounts.rates.taker)}`;
  const terms = { maker, makerU: maker, makerUSDC: maker, taker, takerU: taker, takerUSDC: taker };
  return { ...terms, category: '1', feeGroup: [{ groupId: '1', maker, taker }], instType, level: 'Lv1', ts: String(desk.now()) };
}
