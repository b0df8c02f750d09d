import { type Account, formatUnits, type Listing, type Position, type UserOrder } from '@speed-protocol/simulator';
import { eight } from '../text.js';
import type { Action } from './action.js';
import { moneyText, positionSideOf, valueText } from './bodies.js';
import { capOf } from './brackets.js';
import type { TradingDesk } from './desk.js';

type Leg = UserOrder['leg'];

/** A leg of a symbol: a position, or room for one. */
interface Row {
  readonly listing: Listing;
  readonly leg: Leg;
  readonly position: Position | undefined;
}

const PRICE_DECIMALS = 8;

/** Legs of an account: all symbols, or those with a position or an open order. */
function rowsOf(desk: TradingDesk, account: Account, { all, symbol }: { all: boolean; symbol?: string | undefined }): Row[] {
  const legs: readonly Leg[] = account.hedgeMode ? ['long', 'short'] : ['net'];
  const listings = desk.context.venue.listings.filter(({ venueSymbol }) => symbol === undefined || venueSymbol === symbol);
  return listings.flatMap((listing) => {
    const busy = all || account.openOrders(listing.venueSymbol).length > 0;
    const rows = legs.map((leg) => ({ listing, leg, position: account.findPosition(listing.venueSymbol, leg) }));
    return rows.filter(({ position }) => busy || (position?.size ?? 0) !== 0);
  });
}

/** One leg in numbers, zeros where there is no position. */
function figures(desk: TradingDesk, account: Account, { listing, leg, position }: Row) {
  const { venueSymbol: symbol, inverse } = listing;
  const open = position !== undefined && position.size !== 0 ? position : undefined;
  const risk = open && desk.accounts.risk(account, open);
  const text = desk.text(symbol);
  const entryPrice = open ? formatUnits(open.entryPrice(PRICE_DECIMALS), PRICE_DECIMALS) : '0.0';
  const notional = valueText(risk?.exposure ?? 0n);
  return {
    symbol,
    positionSide: positionSideOf({ leg }),
    positionAmt: text.size(open?.size ?? 0),
    entryPrice,
    breakEvenPrice: open ? breakEven(desk, Number(entryPrice), open.size) : '0.0',
    markPrice: risk ? text.price(risk.mark) : eight(0),
    unrealized: moneyText(risk?.unrealized ?? 0n),
    liquidationPrice: risk && risk.liquidationPrice > 0 ? text.price(Math.round(risk.liquidationPrice)) : '0',
    notional: inverse ? notional : trimZeros(notional),
    asset: listing.settle!,
    initial: moneyText(risk?.initial ?? 0n),
    maintenance: moneyText(risk?.maintenance ?? 0n),
    leverage: String(account.leverage(symbol)),
    isolated: account.isIsolated(symbol),
    cap: String(capOf(listing, account.leverage(symbol))),
    isolatedWallet: moneyText(open?.wallet ?? 0n),
    isolatedMargin: moneyText(open && account.isIsolated(symbol) ? open.wallet + risk!.unrealized : 0n),
    updateTime: open ? desk.records.changedAt(account.id) : 0,
  };
}

/** The entry price with the fee of getting in and out. */
function breakEven(desk: TradingDesk, entry: number, size: number): string {
  const fee = (2 * Number(desk.accounts.rates.taker)) / 1e8;
  return eight(entry * (size > 0 ? 1 + fee : 1 - fee));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `GET /fapi/v3/positionRisk`. */
const riskV3: Action = (desk, { account }, params) => {
  const symbol = symbolOf(desk, params.optionalSymbol());
  return rowsOf(desk, account, { all: false, symbol }).map((row) => {
    const f = figures(desk, account, row);
    return {
      ...shared(f),
      isolatedMargin: f.isolated ? f.isolatedMargin : '0',
      notional: f.notional,
      marginAsset: f.asset,
      isolatedWallet: f.isolated ? f.isolatedWallet : '0',
      initialMargin: f.initial,
      maintMargin: f.maintenance,
      positionInitialMargin: f.initial,
      openOrderInitialMargin: '0',
      adl: 2,
      bidNotional: '0',
      askNotional: '0',
      updateTime: f.updateTime,
    };
  });
};

/** `GET /fapi/v2/positionRisk`. */
const riskV2: Action = (desk, { account }, params) => {
  const symbol = symbolOf(desk, params.optionalSymbol());
  return rowsOf(desk, account, { all: true, symbol }).map((row) => {
    const f = figures(desk, account, row);
    return {
      ...shared(f),
      ...modeOf(f),
      maxNotionalValue: f.cap,
      notional: f.notional,
      isolatedWallet: f.isolatedWallet,
      updateTime: f.updateTime,
    };
  });
};

/** `GET /dapi/v1/positionRisk`: all symbols, those without a position too. */
const riskInverse: Action = (desk, { account }, params) => {
  const [pair, asset] = [params.optionalSymbol('pair'), params.optional('marginAsset')];
  const rows = rowsOf(desk, account, { all: true }).filter(
    ({ listing }) =>
      (pair === undefined || listing.venueSymbol.startsWith(`${pair}_`)) && (asset === undefined || listing.settle === asset),
  );
  return rows.map((row) => {
    const f = figures(desk, account, row);
    const { isolatedWallet, notional: notionalValue, updateTime } = f;
    return { ...shared(f), ...modeOf(f), maxQty: f.cap, notionalValue, isolatedWallet, updateTime };
  });
};

type Figures = ReturnType<typeof figures>;

function shared(f: Figures) {
  const { symbol, positionSide, positionAmt, entryPrice, breakEvenPrice, markPrice, liquidationPrice } = f;
  const unRealizedProfit = f.unrealized;
  return { symbol, positionSide, positionAmt, entryPrice, breakEvenPrice, markPrice, unRealizedProfit, liquidationPrice };
}

function modeOf({ leverage, isolated, isolatedMargin }: Figures) {
  return { leverage, marginType: isolated ? 'isolated' : 'cross', isolatedMargin, isAutoAddMargin: 'false' };
}

function symbolOf(desk: TradingDesk, symbol: string | undefined): string | undefined {
  if (symbol !== undefined) desk.market(symbol);
  return symbol;
}

/** Positions as the account lists them: on COIN-M and on USD-M's older version with leverage and entry. */
export function positionsOfAccount(desk: TradingDesk, account: Account, { all }: { readonly all: boolean }): unknown[] {
  const inverse = desk.product.family === 'inverse';
  return rowsOf(desk, account, { all }).map((row) => {
    const f = figures(desk, account, row);
    const { symbol, positionSide, positionAmt, updateTime } = f;
    const core = {
      symbol,
      positionSide,
      positionAmt,
      unrealizedProfit: f.unrealized,
      isolatedMargin: f.isolatedMargin,
      [inverse ? 'notionalValue' : 'notional']: f.notional,
      isolatedWallet: f.isolatedWallet,
      initialMargin: f.initial,
      maintMargin: f.maintenance,
      updateTime,
    };
    if (!all) return core;
    const { leverage, entryPrice, breakEvenPrice } = f;
    const room = inverse ? { maxQty: f.cap } : { maxNotional: f.cap, bidNotional: '0', askNotional: '0' };
    return {
      ...core,
      positionInitialMargin: f.initial,
      openOrderInitialMargin: '0',
      leverage,
      isolated: f.isolated,
      entryPrice,
      breakEvenPrice,
      ...room,
    };
  });
}

export const POSITION_ACTIONS = {
  /** Order sockets and REST version 3. */
  'account.position': riskV3,
  'account.position.all': riskV2,
  'account.position.inverse': riskInverse,
} satisfies Record<string, Action>;
