import { decimal, toScaled } from '@speed-protocol/core';
import { type Account, formatUnits, MONEY_SCALE, RATE_SCALE, type RefusalReason } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import { type Action, byFutures, byProduct } from './action.js';
import { type Bracket, bracketsOf, capOf, refuseLeverage } from './brackets.js';
import type { TradingDesk } from './desk.js';
import { readPositionSide } from './futures-order.js';
import { agreed } from './refusals.js';

const SUCCESS = { code: 200, msg: 'success' };

/** A rate with so many decimals. */
export function feeText(rate: bigint, decimals: number): string {
  return formatUnits(rate / 10n ** BigInt(RATE_SCALE - decimals), decimals);
}

function futuresSymbol(desk: TradingDesk, params: Params): string {
  const symbol = params.symbol();
  desk.market(symbol);
  return symbol;
}

const setLeverage: Action = (desk, { account }, params) => {
  const symbol = futuresSymbol(desk, params);
  params.required('leverage');
  const leverage = params.integer('leverage')!;
  const highest = bracketsOf(desk.market(symbol).listing)[0]!.initialLeverage;
  if (leverage < 1 || leverage > highest) throw new VenueError(-4028, `Leverage ${leverage} is not valid`);
  refuseLeverage(desk, account, symbol, leverage);
  const answer = desk.accounts.setLeverage(account, symbol, leverage);
  if (!answer.ok && answer.reason === 'insufficient-margin') {
    throw new VenueError(-2028, 'Leverage is smaller than permitted: insufficient margin balance.');
  }
  agreed(answer, 'set', desk.product.family);
  const cap = String(capOf(desk.market(symbol).listing, leverage));
  const room = desk.product.family === 'inverse' ? { maxQty: cap } : { maxNotionalValue: cap };
  return { leverage, ...room, symbol };
};

const MARGIN_TYPES = ['CROSSED', 'ISOLATED'] as const;
const MARGIN_REFUSALS: Readonly<Partial<Record<RefusalReason, readonly [number, string]>>> = {
  'no-change': [-4046, 'No need to change margin type.'],
  'has-open-orders': [-4047, 'Margin type cannot be changed if there exists open orders.'],
  'has-open-positions': [-4048, 'Margin type cannot be changed if there exists position.'],
};

const setMarginType: Action = (desk, { account }, params) => {
  const symbol = futuresSymbol(desk, params);
  params.required('marginType');
  const type = params.word('marginType', MARGIN_TYPES, () => say.invalid('marginType'));
  const answer = desk.accounts.setIsolated(account, symbol, type === 'ISOLATED');
  const words = answer.ok ? undefined : MARGIN_REFUSALS[answer.reason];
  if (words) throw new VenueError(...words);
  agreed(answer, 'set', desk.product.family);
  return SUCCESS;
};

/** Adds margin to an isolated position (type 1), or takes some out (type 2). */
const movePositionMargin: Action = (desk, { account }, params) => {
  const symbol = futuresSymbol(desk, params);
  for (const name of ['amount', 'type']) params.required(name);
  const type = params.integer('type');
  if (type !== 1 && type !== 2) throw say.invalid('type');
  const amount = params.decimal('amount')!;
  const leg = readPositionSide(account, params) ?? 'net';
  const position = account.findPosition(symbol, leg);
  if (!position) throw new VenueError(-4054, 'Cannot add position margin: position is 0.');
  const money = toScaled(decimal(amount), MONEY_SCALE);
  const answer = desk.accounts.moveMargin(account, position, type === 1 ? money : -money);
  if (!answer.ok && answer.reason === 'not-isolated') {
    throw new VenueError(-4046, 'Add margin only support for isolated position.');
  }
  if (!answer.ok) throw new VenueError(...TOO_SMALL[type]);
  return { amount: Number(amount), code: 200, msg: 'Successfully modify position margin.', type };
};

/** Where the money is missing, by type. */
const TOO_SMALL: Readonly<Record<1 | 2, readonly [number, string]>> = {
  1: [-4050, 'Cross balance insufficient.'],
  2: [-4051, 'Isolated balance insufficient.'],
};

/** One position mode for both futures products. */
const setHedgeMode: Action = (desk, { account }, params) => {
  params.required('dualSidePosition');
  const on = params.flag('dualSidePosition');
  if (account.hedgeMode === on) throw new VenueError(-4059, 'No need to change position side.');
  const everywhere = desk.futures.map((each) => [each, each.accounts.get(account.id)] as const);
  for (const [each, twin] of everywhere) if (twin) refuseBusy(each, twin);
  for (const [each, twin] of everywhere) if (twin) agreed(each.accounts.setHedgeMode(twin, on), 'set', each.product.family);
  return SUCCESS;
};

function refuseBusy(desk: TradingDesk, account: Account): void {
  const { family } = desk.product;
  if (account.openOrders().length > 0) agreed({ ok: false, reason: 'has-open-orders' }, 'set', family);
  if (account.positions.some(({ size }) => size !== 0)) agreed({ ok: false, reason: 'has-open-positions' }, 'set', family);
}

const setMultiAssets: Action = (_desk, _caller, params) => {
  params.required('multiAssetsMargin');
  if (params.flag('multiAssetsMargin')) throw new VenueError(-4170, 'Multi-Assets mode is not available for this account.');
  throw new VenueError(-4171, 'No need to change Multi-Assets mode.');
};

const futuresCommission: Action = (desk, _caller, params) => {
  const symbol = futuresSymbol(desk, params);
  const { maker, taker } = desk.accounts.rates;
  const rates = { makerCommissionRate: feeText(maker, 6), takerCommissionRate: feeText(taker, 6) };
  return { symbol, ...rates, ...(desk.product.family === 'linear' && { rpiCommissionRate: rates.makerCommissionRate }) };
};

const spotCommission: Action = (desk, _caller, params) => {
  const symbol = futuresSymbol(desk, params);
  const [maker, taker] = [feeText(desk.accounts.rates.maker, 8), feeText(desk.accounts.rates.taker, 8)];
  const none = { maker: '0.00000000', taker: '0.00000000', buyer: '0.00000000', seller: '0.00000000' };
  return {
    symbol,
    standardCommission: { ...none, maker, taker },
    specialCommission: none,
    taxCommission: none,
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: 'BNB', discount: '0.75000000' },
  };
};

const accountConfig: Action = (_desk, { account }) => ({
  feeTier: 0,
  canTrade: true,
  canDeposit: true,
  canWithdraw: true,
  dualSidePosition: account.hedgeMode,
  updateTime: 0,
  multiAssetsMargin: false,
  tradeGroupId: -1,
});

const symbolConfig: Action = (desk, { account }, params) => {
  const only = params.optionalSymbol();
  if (only !== undefined) desk.market(only);
  return desk.context.venue.listings
    .filter(({ venueSymbol }) => only === undefined || venueSymbol === only)
    .map((listing) => ({ listing, symbol: listing.venueSymbol }))
    .map(({ listing, symbol }) => ({
      symbol,
      marginType: account.isIsolated(symbol) ? 'ISOLATED' : 'CROSSED',
      isAutoAddMargin: 'false',
      leverage: account.leverage(symbol),
      maxNotionalValue: String(capOf(listing, account.leverage(symbol))),
    }));
};

/** Leverage by size of position; maintenance is the same at any. */
const brackets =
  (names: { readonly cap: string; readonly floor: string }): Action =>
  (desk, _caller, params) => {
    const only = params.optionalSymbol();
    if (only !== undefined) desk.market(only);
    const maintMarginRatio = Number(feeText(desk.accounts.rates.maintenance, RATE_SCALE));
    const rowOf = ({ bracket, initialLeverage, floor, cap }: Bracket) => ({
      bracket,
      initialLeverage,
      [names.cap]: cap,
      [names.floor]: floor,
      maintMarginRatio,
      cum: 0,
    });
    return desk.context.venue.listings
      .filter(({ venueSymbol }) => only === undefined || venueSymbol === only)
      .map((listing) => ({ symbol: listing.venueSymbol, notionalCoef: 1, brackets: bracketsOf(listing).map(rowOf) }));
  };

const orderCounts: Action = (desk, { account }) => desk.counts.rows(account.id, desk.now());

const countdown: Action = (desk, { account }, params) => {
  const symbol = futuresSymbol(desk, params);
  params.required('countdownTime');
  const countdownTime = params.integer('countdownTime')!;
  desk.accounts.cancelAllAfter(account, symbol, countdownTime);
  return { symbol, countdownTime: String(countdownTime) };
};

export const SETTING_ACTIONS = {
  'leverage.set': setLeverage,
  'marginType.set': setMarginType,
  'positionMargin.move': movePositionMargin,
  'positionMode.get': (_desk, { account }) => ({ dualSidePosition: account.hedgeMode }),
  'positionMode.set': setHedgeMode,
  'multiAssets.get': () => ({ multiAssetsMargin: false }),
  'multiAssets.set': setMultiAssets,
  'account.commission': byProduct(spotCommission, futuresCommission),
  'account.config': accountConfig,
  'account.symbolConfig': symbolConfig,
  'account.brackets': byFutures(
    brackets({ cap: 'notionalCap', floor: 'notionalFloor' }),
    brackets({ cap: 'qtyCap', floor: 'qtyFloor' }),
  ),
  'account.rateLimits.orders': orderCounts,
  'countdown.set': countdown,
  'feeBurn.get': () => ({ feeBurn: false }),
  'account.apiTradingStatus': (desk) => ({ indicators: {}, updateTime: desk.now() }),
} satisfies Record<string, Action>;
