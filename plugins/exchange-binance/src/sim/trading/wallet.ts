import type { Account } from '@speed-protocol/simulator';
import type { Action } from './action.js';
import { moneyText } from './bodies.js';
import type { TradingDesk } from './desk.js';
import { feeText } from './settings.js';

/** `GET /sapi/v1/capital/config/getall`: every coin, on one network of its own. */
const coins: Action = (desk, { account }) => desk.assets.map((coin) => coinRow(coin, account));

function coinRow(coin: string, account: Account): unknown {
  const { total, locked } = account.balance(coin);
  return {
    coin,
    depositAllEnable: true,
    withdrawAllEnable: true,
    name: coin,
    free: moneyText(total - locked),
    locked: moneyText(locked),
    freeze: '0',
    withdrawing: '0',
    ipoing: '0',
    ipoable: '0',
    storage: '0',
    isLegalMoney: false,
    trading: true,
    networkList: [network(coin)],
  };
}

function network(coin: string): unknown {
  return {
    network: coin,
    coin,
    withdrawIntegerMultiple: '0.00000001',
    isDefault: true,
    depositEnable: true,
    withdrawEnable: true,
    depositDesc: '',
    withdrawDesc: '',
    name: coin,
    resetAddressStatus: false,
    withdrawFee: '0',
    withdrawMin: '0.00000001',
    withdrawMax: '10000000000',
    minConfirm: 1,
    unLockConfirm: 0,
    sameAddress: false,
    estimatedArrivalTime: 1,
    busy: false,
  };
}

/** `GET /sapi/v1/asset/tradeFee`. */
const tradeFees: Action = (desk, _caller, params) => {
  const only = params.optionalSymbol();
  if (only !== undefined) desk.market(only);
  return desk.context.venue.listings
    .filter(({ venueSymbol }) => only === undefined || venueSymbol === only)
    .map(({ venueSymbol: symbol }) => ({ symbol, ...feesOf(desk) }));
};

function feesOf(desk: TradingDesk) {
  const { maker, taker } = desk.accounts.rates;
  return { makerCommission: feeText(maker, 6), takerCommission: feeText(taker, 6) };
}

export const WALLET_ACTIONS = {
  'wallet.coins': coins,
  'wallet.tradeFees': tradeFees,
  'wallet.apiTradingStatus': () => ({
    data: { isLocked: false, plannedRecoverTime: 0, triggerCondition: { GCR: 150, IFER: 150, UFR: 300 }, updateTime: 0 },
  }),
  'wallet.status': () => ({ data: 'Normal' }),
  'wallet.restrictions': (desk) => ({
    ipRestrict: false,
    createTime: desk.now(),
    enableReading: true,
    enableWithdrawals: false,
    enableInternalTransfer: false,
    enableMargin: false,
    enableFutures: true,
    permitsUniversalTransfer: false,
    enableVanillaOptions: false,
    enableSpotAndMarginTrading: true,
  }),
  /** The simulated venue lends nothing: no margin pairs. */
  'wallet.nothing': () => [],
} satisfies Record<string, Action>;
