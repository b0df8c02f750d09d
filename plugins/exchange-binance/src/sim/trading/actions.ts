import { type Action, byFutures, byProduct } from './action.js';
import { ALGO_ACTIONS } from './algo-orders.js';
import { AMENDMENT_ACTIONS } from './amendments.js';
import { futuresBalances, inverseAccount, linearAccount, linearAccountV2, spotAccount } from './balances.js';
import { BATCH_ACTIONS } from './batches.js';
import { CHANGE_ACTIONS } from './changes.js';
import { HISTORY_ACTIONS } from './history.js';
import { ORDER_ACTIONS } from './orders.js';
import { POSITION_ACTIONS } from './positions.js';
import { SETTING_ACTIONS } from './settings.js';
import { WALLET_ACTIONS } from './wallet.js';

const ACCOUNT_ACTIONS = {
  'account.status': byProduct(spotAccount, byFutures(linearAccount, inverseAccount)),
  'account.status.all': linearAccountV2,
  'account.balance': futuresBalances,
} satisfies Record<string, Action>;

/** Everything a client can ask of its account, by the name that order sockets give it where they have it; REST routes are a table over the same. */
export const ACTIONS = {
  ...ORDER_ACTIONS,
  ...CHANGE_ACTIONS,
  ...AMENDMENT_ACTIONS,
  ...BATCH_ACTIONS,
  ...ALGO_ACTIONS,
  ...HISTORY_ACTIONS,
  ...ACCOUNT_ACTIONS,
  ...POSITION_ACTIONS,
  ...SETTING_ACTIONS,
  ...WALLET_ACTIONS,
};

export type ActionName = keyof typeof ACTIONS;
