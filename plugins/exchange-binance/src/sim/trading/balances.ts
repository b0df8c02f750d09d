import type { Account, AccountBalance, Margin } from '@speed-protocol/simulator';
import type { Action } from './action.js';
import { moneyText } from './bodies.js';
import type { TradingDesk } from './desk.js';
import { positionsOfAccount } from './positions.js';
import { feeText } from './settings.js';

/** Assets of an account that hold anything, or all the venue knows. */
function balancesOf(desk: TradingDesk, account: Account, { zero = true } = {}): readonly AccountBalance[] {
  const names = new Set([...account.balances.map(({ asset }) => asset), ...(zero ? desk.assets : [])]);
  const rows = [...names].map((asset) => account.balance(asset));
  return zero ? rows : rows.filter(({ total }) => total !== 0n);
}

/** When anything of an account last changed, ms. */
function changedAt(desk: TradingDesk, account: Account): number {
  return desk.records.changedAt(account.id);
}

/** `GET /api/v3/account`. */
export const spotAccount: Action = (desk, { account }, params) => {
  const [maker, taker] = [feeText(desk.accounts.rates.maker, 8), feeText(desk.accounts.rates.taker, 8)];
  const points = (rate: string) => Math.round(Number(rate) * 10_000);
  return {
    makerCommission: points(maker),
    takerCommission: points(taker),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker, taker, buyer: '0.00000000', seller: '0.00000000' },
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: changedAt(desk, account),
    accountType: 'SPOT',
    balances: balancesOf(desk, account, { zero: !params.flag('omitZeroBalances') }).map(({ asset, total, locked }) => ({
      asset,
      free: moneyText(total - locked),
      locked: moneyText(locked),
    })),
    permissions: ['SPOT'],
    uid: desk.uidOf(account),
  };
};

/** What margin leaves of an asset; never below 0. */
function available({ equity, initial }: Margin): bigint {
  return equity > initial ? equity - initial : 0n;
}

/** An asset of a futures account. */
function futuresAsset(desk: TradingDesk, account: Account, { asset, total }: AccountBalance) {
  const margin = desk.accounts.margin(account, asset);
  const unrealized = margin.unrealized + margin.isolatedUnrealized;
  return {
    asset,
    walletBalance: moneyText(total),
    unrealizedProfit: moneyText(unrealized),
    marginBalance: moneyText(total + unrealized),
    maintMargin: moneyText(margin.maintenance),
    initialMargin: moneyText(margin.initial + margin.isolated),
    positionInitialMargin: moneyText(margin.positions + margin.isolated),
    openOrderInitialMargin: moneyText(margin.initial - margin.positions),
    crossWalletBalance: moneyText(total - margin.isolated),
    crossUnPnl: moneyText(margin.unrealized),
    availableBalance: moneyText(available(margin)),
    maxWithdrawAmount: moneyText(available(margin) < total ? available(margin) : total),
    updateTime: changedAt(desk, account),
  };
}

/** Balances of a futures account, by asset. */
export const futuresBalances: Action = (desk, { account }) => {
  const inverse = desk.product.family === 'inverse';
  return balancesOf(desk, account).map((balance) => {
    const { asset, walletBalance, crossWalletBalance, crossUnPnl, availableBalance, maxWithdrawAmount, updateTime } =
      futuresAsset(desk, account, balance);
    return {
      accountAlias: desk.aliasOf(account),
      asset,
      balance: walletBalance,
      ...(inverse && { withdrawAvailable: maxWithdrawAmount }),
      crossWalletBalance,
      crossUnPnl,
      availableBalance,
      ...(!inverse && { maxWithdrawAmount, marginAvailable: true }),
      updateTime,
    };
  });
};

/** Totals of a USD-M account in single-asset mode: USDT alone. */
function totals(asset: ReturnType<typeof futuresAsset>) {
  return {
    totalInitialMargin: asset.initialMargin,
    totalMaintMargin: asset.maintMargin,
    totalWalletBalance: asset.walletBalance,
    totalUnrealizedProfit: asset.unrealizedProfit,
    totalMarginBalance: asset.marginBalance,
    totalPositionInitialMargin: asset.positionInitialMargin,
    totalOpenOrderInitialMargin: asset.openOrderInitialMargin,
    totalCrossWalletBalance: asset.crossWalletBalance,
    totalCrossUnPnl: asset.crossUnPnl,
    availableBalance: asset.availableBalance,
    maxWithdrawAmount: asset.maxWithdrawAmount,
  };
}

const PERMISSIONS = { feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: true };

/** `GET /fapi/v3/account`: only positions that are there. */
export const linearAccount: Action = (desk, { account }) => ({
  ...totals(futuresAsset(desk, account, account.balance('USDT'))),
  assets: balancesOf(desk, account).map((balance) => futuresAsset(desk, account, balance)),
  positions: positionsOfAccount(desk, account, { all: false }),
});

/** `GET /fapi/v2/account`: every symbol. */
export const linearAccountV2: Action = (desk, { account }) => ({
  ...PERMISSIONS,
  feeBurn: false,
  tradeGroupId: -1,
  updateTime: 0,
  multiAssetsMargin: false,
  ...totals(futuresAsset(desk, account, account.balance('USDT'))),
  assets: balancesOf(desk, account).map((balance) => ({ ...futuresAsset(desk, account, balance), marginAvailable: true })),
  positions: positionsOfAccount(desk, account, { all: true }),
});

/** `GET /dapi/v1/account`. */
export const inverseAccount: Action = (desk, { account }) => ({
  ...PERMISSIONS,
  assets: balancesOf(desk, account).map((balance) => futuresAsset(desk, account, balance)),
  positions: positionsOfAccount(desk, account, { all: true }),
  updateTime: changedAt(desk, account),
});
