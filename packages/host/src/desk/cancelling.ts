import type { CommandOutcome } from '@speed-protocol/core';
import { attempt } from './attempt.js';
import type { OrderState } from './order-state.js';
import type { Placing } from './placing.js';
import { refOf, type SettleParts, type Settler } from './settle.js';

/** Ends orders: one by one, or all of a symbol by one command. */
export class Cancelling {
  constructor(
    private readonly parts: SettleParts,
    private readonly settler: Settler,
    private readonly placing: Placing,
  ) {}

  async cancel(state: OrderState): Promise<CommandOutcome> {
    if (this.placing.withdraw(state)) return { status: 'accepted', venueOrderId: null, order: null };
    const { lanes, trading, ledger } = this.parts;
    const outcome = await lanes.run('cancel', () => attempt(() => trading.cancelOrder(refOf(state)))).result;
    if (outcome.status === 'accepted' && outcome.order) ledger.add(state, { kind: 'order', order: outcome.order });
    // "No such order" may come before the order itself does.
    if (outcome.status !== 'rejected' || outcome.reason.kind === 'not-found') this.settler.wantCancelled(state);
    this.settler.ask(state);
    return outcome;
  }

  /** One command for the symbol; then every order of ours in it is asked about, and cancelled, until it has ended. */
  async cancelSymbol(symbol: string): Promise<CommandOutcome> {
    const { lanes, trading, ledger } = this.parts;
    const working = [...ledger.unsettled()].filter((each) => each.symbol === symbol && !each.final);
    const left = working.filter((state) => !this.placing.withdraw(state));
    const outcome = await lanes.run('cancel', () => attempt(() => trading.cancelAllOrders(symbol))).result;
    for (const state of left) {
      this.settler.wantCancelled(state);
      this.settler.ask(state, true);
    }
    return outcome;
  }
}
