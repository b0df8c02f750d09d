import { add, type Exact, exact, negate, subtract, toDecimal, ZERO } from '@speed-protocol/book';
import type { Amendment, OrderSide } from '@speed-protocol/core';
import { assertLegal, type TradingContext } from './checks.js';
import type { OrderLedger } from './order-ledger.js';
import type { DeskOrder, OrderState } from './order-state.js';
import type { OrderRequest } from './types.js';

/** Holds requests against the rules of their instruments and the limits of their owner, working orders included. */
export class Exposure {
  /** Checked, and not on record yet. */
  readonly #reserved = new Set<OrderRequest>();

  constructor(
    private readonly ledger: OrderLedger,
    private readonly contextOf: ((symbol: string) => TradingContext | undefined) | undefined,
  ) {}

  /**
   * Checks orders that go out together, each as if those before it worked already, and counts them until the returned
   * function is called: once they are on record the ledger counts them.
   * @throws SpeedError `invalid-request` naming every problem and the nearest legal values
   */
  reserve(requests: readonly OrderRequest[]): () => void {
    const taken: OrderRequest[] = [];
    const release = () => {
      for (const each of taken) this.#reserved.delete(each);
    };
    try {
      for (const each of requests) this.#take(each, taken);
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  /** @throws SpeedError as {@link reserve} */
  checkAmended(state: OrderState, change: Amendment): void {
    const { symbol, side, amount, price } = state.view;
    const context = this.contextOf?.(symbol);
    if (!context || side === null || amount === null) return;
    const values = { amount: change.amount ?? amount, price: change.price ?? price ?? undefined };
    // What is filled is in the position and in the amount; it counts once.
    const filled = signed(side, exact(state.view.filled));
    const position = toDecimal(subtract(context.position ? exact(context.position) : ZERO, filled));
    const around = this.#withWorking(symbol, side, { ...context, position }, state);
    assertLegal({ symbol, side, type: 'limit', ...values }, around);
  }

  #take(request: OrderRequest, taken: OrderRequest[]): void {
    const context = this.contextOf?.(request.symbol);
    if (context) assertLegal(request, this.#withWorking(request.symbol, request.side, context));
    // A copy: the same request may come twice.
    const kept = { ...request };
    this.#reserved.add(kept);
    taken.push(kept);
  }

  /** The position as it would be once every working order of that side has filled. */
  #withWorking(symbol: string, side: OrderSide, context: TradingContext, except?: OrderState): TradingContext {
    let open = ZERO;
    for (const each of this.#reserved) if (each.symbol === symbol && each.side === side) open = add(open, exact(each.amount));
    for (const state of this.ledger.unsettled()) {
      if (state !== except && !state.final && opens(state.view, symbol, side)) open = add(open, rest(state.view));
    }
    const position = context.position ? exact(context.position) : ZERO;
    return { ...context, position: toDecimal(add(position, signed(side, open))) };
  }
}

function opens(view: DeskOrder, symbol: string, side: OrderSide): boolean {
  return view.symbol === symbol && view.side === side && view.amount !== null;
}

function rest({ amount, filled }: DeskOrder): Exact {
  return subtract(exact(amount!), exact(filled));
}

function signed(side: OrderSide, amount: Exact): Exact {
  return side === 'buy' ? amount : negate(amount);
}
