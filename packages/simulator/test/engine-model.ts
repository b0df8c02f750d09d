import fc from 'fast-check';
import { MatchingEngine } from '../src/engine/matching-engine.js';
import type { LevelChange, NewOrder, Side, Trade } from '../src/engine/types.js';

/** Seed of the random tests: SPEED_SEED, else drawn; printed either way. */
export const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);

export type Action =
  | { readonly do: 'submit'; readonly order: NewOrder }
  | { readonly do: 'cancel'; readonly pick: number }
  | { readonly do: 'amend'; readonly pick: number; readonly price: number; readonly size: number };

const price = fc.integer({ min: 98, max: 103 });
const size = fc.integer({ min: 1, max: 20 });
const submit = fc.record({
  do: fc.constant('submit' as const),
  order: fc.record({
    owner: fc.constantFrom('a', 'b'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    size,
    price: fc.option(price, { nil: undefined, freq: 8 }),
    timeInForce: fc.constantFrom('GTC' as const, 'GTC' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const),
    postOnly: fc.constantFrom(false, false, false, true),
  }),
});
const cancel = fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() });
const amend = fc.record({ do: fc.constant('amend' as const), pick: fc.nat(), price, size });

/** Any sequence of orders, cancels and amendments around one price. */
export const actions = fc.array(fc.oneof({ weight: 6, arbitrary: submit }, cancel, amend), { maxLength: 60, size: 'max' });

export function recordingEngine(Engine: typeof MatchingEngine = MatchingEngine) {
  const trades: Trade[] = [];
  const changes: LevelChange[] = [];
  const engine = new Engine({
    now: () => 0,
    sink: {
      onTrade: (trade) => trades.push(trade),
      onLevel: (side, at, before, after) => changes.push({ side, price: at, before, after }),
    },
  });
  return { engine, trades, changes };
}

interface ModelOrder {
  readonly id: number;
  readonly side: Side;
  price: number;
  /** Total, fills included. */
  size: number;
  open: number;
}

/** The plainest exchange there is: one list in order of arrival, searched from the start for every match. */
class Model {
  orders: ModelOrder[] = [];
  readonly trades: [maker: number, price: number, size: number][] = [];

  place(order: ModelOrder, terms: Pick<NewOrder, 'price' | 'timeInForce' | 'postOnly'>): void {
    const limit = terms.price;
    const market = limit === undefined;
    if (terms.postOnly && !market && this.#bestAgainst(order.side, limit)) return;
    if (terms.timeInForce === 'FOK' && this.#available(order.side, limit) < order.open) return;
    for (
      let maker = this.#bestAgainst(order.side, limit);
      maker && order.open > 0;
      maker = this.#bestAgainst(order.side, limit)
    ) {
      const traded = Math.min(maker.open, order.open);
      maker.open -= traded;
      order.open -= traded;
      this.trades.push([maker.id, maker.price, traded]);
      this.orders = this.orders.filter((each) => each.open > 0);
    }
    if (order.open > 0 && !market && (terms.timeInForce ?? 'GTC') === 'GTC') this.orders.push(order);
  }

  amend(id: number, to: { price: number; size: number }): void {
    const order = this.orders.find((each) => each.id === id)!;
    const filled = order.size - order.open;
    if (to.size <= filled) return;
    if (to.price === order.price && to.size <= order.size) {
      order.open = to.size - filled;
      order.size = to.size;
      return;
    }
    this.orders = this.orders.filter((each) => each !== order);
    this.place({ ...order, price: to.price, size: to.size, open: to.size - filled }, { price: to.price });
  }

  #against(side: Side, limit: number | undefined): ModelOrder[] {
    const sign = side === 'buy' ? 1 : -1;
    return this.orders.filter((o) => o.side !== side && (limit === undefined || (limit - o.price) * sign >= 0));
  }

  #bestAgainst(side: Side, limit: number | undefined): ModelOrder | undefined {
    const sign = side === 'buy' ? 1 : -1;
    return this.#against(side, limit).reduce<ModelOrder | undefined>(
      (best, o) => (best && (o.price - best.price) * sign >= 0 ? best : o),
      undefined,
    );
  }

  #available(side: Side, limit: number | undefined): number {
    return this.#against(side, limit).reduce((sum, o) => sum + o.open, 0);
  }
}

/** Runs the actions on both and throws at the first difference. */
export function checkAgainstModel(
  engine: MatchingEngine,
  list: readonly Action[],
  trades: readonly Trade[],
  changes: readonly LevelChange[],
): void {
  const model = new Model();
  for (const action of list) {
    apply(engine, model, action);
    same(
      trades.map((t) => [t.makerOrderId, t.price, t.size]),
      model.trades,
      'trades',
    );
    same(bookOf(engine), modelBook(model), 'book');
    same(rebuild(changes), bookOf(engine), 'book rebuilt from its changes');
    const [bid, ask] = [engine.bids.best?.price, engine.asks.best?.price];
    if (bid !== undefined && ask !== undefined && bid >= ask) throw new Error(`crossed: ${bid} >= ${ask}`);
  }
}

function apply(engine: MatchingEngine, model: Model, action: Action): void {
  if (action.do === 'submit') {
    const before = model.trades.length;
    const { orderId, filled, resting } = engine.submit(action.order);
    const { side, size: whole } = action.order;
    const order = { id: orderId, side, price: action.order.price ?? 0, size: whole, open: whole };
    model.place(order, action.order);
    const traded = model.trades.slice(before).reduce((sum, [, , lots]) => sum + lots, 0);
    same(filled, traded, 'filled');
    same(resting, model.orders.find((each) => each.id === orderId)?.open ?? 0, 'resting');
    return;
  }
  const target = model.orders[action.pick % Math.max(1, model.orders.length)];
  if (!target) return;
  if (action.do === 'amend') {
    engine.amend(target.id, { price: action.price, size: action.size });
    model.amend(target.id, { price: action.price, size: action.size });
    return;
  }
  same(engine.cancel(target.id), target.open, 'cancelled');
  model.orders = model.orders.filter((each) => each !== target);
}

type Totals = [price: number, size: number][];

function bookOf(engine: MatchingEngine): { buy: Totals; sell: Totals } {
  const levels = (side: MatchingEngine['bids']): Totals =>
    Array.from({ length: side.depth }, (_, rank): [number, number] => [side.at(rank)!.price, side.at(rank)!.total]).sort(
      (a, b) => a[0] - b[0],
    );
  return { buy: levels(engine.bids), sell: levels(engine.asks) };
}

function modelBook(model: Model): { buy: Totals; sell: Totals } {
  const totals = (side: Side): Totals => {
    const sums = new Map<number, number>();
    for (const o of model.orders) if (o.side === side) sums.set(o.price, (sums.get(o.price) ?? 0) + o.open);
    return [...sums].sort((a, b) => a[0] - b[0]);
  };
  return { buy: totals('buy'), sell: totals('sell') };
}

function rebuild(changes: readonly LevelChange[]): { buy: Totals; sell: Totals } {
  const sides = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  for (const { side, price: at, before, after } of changes) {
    same(sides[side].get(at) ?? 0, before, `size before the change at ${at}`);
    if (after === 0) sides[side].delete(at);
    else sides[side].set(at, after);
  }
  const sorted = (map: Map<number, number>): Totals => [...map].sort((a, b) => a[0] - b[0]);
  return { buy: sorted(sides.buy), sell: sorted(sides.sell) };
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: engine ${a}, model ${b}`);
}
