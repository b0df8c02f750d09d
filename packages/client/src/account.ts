import type {
  BalanceView,
  CommandParams,
  CommandResult,
  FillView,
  OrderView,
  OutcomeView,
  PnlView,
  PositionView,
} from '@speed-protocol/protocol';
import type { AccountListener, Follow } from './account-events.js';
import type { CallSettings, SpeedClient } from './client.js';

type Without<T> = T extends unknown ? Omit<T, 'account'> : never;
export type OrderWish = Without<CommandParams<'place'>>;
export type AnalysisWish = Without<CommandParams<'analyze_and_place'>>;
export type AnalysisResult = CommandResult<'analyze_and_place'>;

/** One account of the server, by its name there. Amounts and prices are decimal texts. */
export class ClientAccount {
  constructor(
    private readonly client: SpeedClient,
    readonly name: string,
  ) {}

  /**
   * Places an order; resolves with it when the venue has answered, or after a while as it then stands. Its further life
   * is told to {@link SpeedClient.onAccounts}. Give a `ref` of your own to recognise the order after a cut.
   * @throws SpeedError as the server refused it: nothing was sent; `connection`, `timeout`: nobody knows, list the orders
   */
  async place(wish: OrderWish, settings?: CallSettings): Promise<OrderView> {
    await this.client.followOwn(settings);
    return (await this.client.call('place', { account: this.name, ...wish }, settings)).order;
  }

  amend(
    clientOrderId: string,
    change: { readonly price?: string; readonly amount?: string },
    settings?: CallSettings,
  ): Promise<{ outcome: OutcomeView; order: OrderView }> {
    return this.client.call('amend', { account: this.name, clientOrderId, ...change }, settings);
  }

  cancel(clientOrderId: string, settings?: CallSettings): Promise<{ outcome: OutcomeView; order: OrderView }> {
    return this.client.call('cancel', { account: this.name, clientOrderId }, settings);
  }

  cancelAll(symbol?: string, settings?: CallSettings): Promise<CommandResult<'cancel_all'>> {
    return this.client.call('cancel_all', { account: this.name, ...(symbol !== undefined && { symbol }) }, settings);
  }

  order(clientOrderId: string, settings?: CallSettings): Promise<CommandResult<'order'>> {
    return this.client.call('order', { account: this.name, clientOrderId }, settings);
  }

  async orders(filter: Without<CommandParams<'orders'>> = {}, settings?: CallSettings): Promise<OrderView[]> {
    return (await this.client.call('orders', { account: this.name, ...filter }, settings)).orders;
  }

  async fills(filter: Without<CommandParams<'fills'>> = {}, settings?: CallSettings): Promise<FillView[]> {
    return (await this.client.call('fills', { account: this.name, ...filter }, settings)).fills;
  }

  async balances(settings?: CallSettings): Promise<BalanceView[]> {
    return (await this.client.call('balances', { account: this.name }, settings)).balances;
  }

  async positions(symbol?: string, settings?: CallSettings): Promise<PositionView[]> {
    const params = { account: this.name, ...(symbol !== undefined && { symbol }) };
    return (await this.client.call('positions', params, settings)).positions;
  }

  /** Analyses, and places a market order of that size unless it is a dry run. */
  async analyzeAndPlace(wish: AnalysisWish, settings?: CallSettings): Promise<AnalysisResult> {
    if (!wish.dryRun) await this.client.followOwn(settings);
    return this.client.call('analyze_and_place', { account: this.name, ...wish }, settings);
  }

  /** Profit of a filled order on every change, until its position is closed or this is disposed. */
  async watchPnl(clientOrderId: string, on: (pnl: PnlView) => void, settings?: CallSettings): Promise<AsyncDisposable> {
    const params = { account: this.name, clientOrderId };
    const listener: AccountListener = (event) => {
      if (event.type === 'pnl' && event.account === this.name && event.pnl.clientOrderId === clientOrderId) on(event.pnl);
      // A new session watches nothing yet.
      if (event.type === 'relist') this.client.call('watch_pnl', params).catch(() => undefined);
    };
    const following = await this.client.onAccounts(listener, { follow: 'own', ...settings });
    try {
      await this.client.call('watch_pnl', params, settings);
    } catch (error) {
      await following[Symbol.asyncDispose]();
      throw error;
    }
    return {
      [Symbol.asyncDispose]: async () => {
        await following[Symbol.asyncDispose]();
        if (this.client.state === 'open') await this.client.call('stop_pnl', params).catch(() => undefined);
      },
    };
  }

  /** On: nothing new is placed, by anybody; what works is cancelled. */
  killSwitch(on: boolean, reason?: string, settings?: CallSettings): Promise<CommandResult<'kill_switch'>> {
    return this.client.call('kill_switch', { account: this.name, on, ...(reason !== undefined && { reason }) }, settings);
  }

  /** Cancels everything, closes positions unless told not to, and reports what the venue says afterwards. */
  shutdown(flatten = true, settings?: CallSettings): Promise<CommandResult<'shutdown'>> {
    return this.client.call('shutdown', { account: this.name, flatten }, settings);
  }
}

export interface FollowSettings extends CallSettings {
  /** `own`: only orders that this client places; default `all`. */
  readonly follow?: Follow | undefined;
}
