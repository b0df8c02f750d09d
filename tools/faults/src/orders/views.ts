import { type Balance, type Clock, type Fill, type Position, SpeedError } from '@speed-protocol/core';
import type { DeskOrder, TradingAccount } from '@speed-protocol/host';

/** What we believe of an account; survives JSON. */
export interface OurView {
  readonly venue: string;
  readonly orders: readonly DeskOrder[];
  readonly fills: readonly Fill[];
  readonly balances: readonly Balance[];
  readonly positions: readonly Position[];
}

/** What the venue's ledger says of it, as the control port tells it. */
export interface LedgerView {
  readonly balances: readonly { readonly asset: string; readonly total: string; readonly locked: string }[];
  readonly positions: readonly {
    readonly symbol: string;
    readonly leg: string;
    readonly size: string;
    readonly realized: string;
  }[];
  readonly orders: readonly {
    readonly id: string;
    readonly symbol: string;
    readonly clientId: string;
    /** As the venue calls it. */
    readonly told: string;
    readonly size: string;
    readonly filled: string;
  }[];
  readonly fills: readonly {
    readonly symbol: string;
    readonly tradeId: string;
    readonly orderId: string;
    readonly price: string;
    readonly size: string;
    readonly fee: string;
    readonly feeAsset: string;
    readonly profit: string;
  }[];
}

/** Orders and fills as the desk has them, for which nobody is asked anything. */
export function deskView(account: TradingAccount): OurView {
  const orders = account.orders();
  const fills = orders.flatMap(({ clientOrderId }) => account.fills(clientOrderId));
  return { venue: account.venue, orders, fills, balances: [], positions: [] };
}

/** Also what the account holds, as the venue answers now; that uses up its allowance of questions. */
export async function ourView(account: TradingAccount, clock: Clock): Promise<OurView> {
  const [balances, positions] = await patiently(clock, () => Promise.all([account.balances(), account.positions()]));
  return { ...deskView(account), balances, positions };
}

const ATTEMPTS = 10;
const PAUSE_MS = 1000;

/** "Not so often" is no answer: asks again when the venue says that it may be asked. */
async function patiently<T>(clock: Clock, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!SpeedError.is(error, 'rate-limited') || attempt === ATTEMPTS) throw error;
      await new Promise<void>((resolve) => clock.schedule(error.retryAfterMs ?? PAUSE_MS, resolve));
    }
  }
}

/** Everything that the ledger says of the default account. */
export async function ledgerView(controlUrl: string, venue: string): Promise<LedgerView> {
  const response = await fetch(`${controlUrl}/__sim/ledger?venue=${venue}&account=default&limit=1`);
  if (!response.ok) throw new Error(`the ledger of ${venue} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as LedgerView;
}
