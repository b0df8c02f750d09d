import type { PrivateEvent } from '@speed-protocol/core';
import { describePnl } from './describe.js';
import { SymbolWatch } from './symbol-watch.js';
import type { MonitorParts, PnlUpdate, PnlWatch } from './types.js';

interface Watch extends PnlWatch {
  readonly on: (pnl: PnlUpdate) => void;
  latest: PnlUpdate | null;
}

/** Live profit and loss of chosen orders, told on every change until what they opened is closed, or nobody listens. */
export class PnlMonitor implements Disposable {
  readonly #watches = new Map<string, Set<Watch>>();
  readonly #symbols = new Map<string, SymbolWatch>();
  readonly #stopDesk: () => void;

  constructor(private readonly parts: MonitorParts) {
    this.#stopDesk = parts.desk.on(({ order }) => this.#symbols.get(order.symbol)?.learn(order.clientOrderId));
  }

  /** @throws SpeedError `not-found` for an order that this desk does not know */
  watch(clientOrderId: string, on: (pnl: PnlUpdate) => void): PnlWatch {
    const { symbol } = this.parts.desk.order(clientOrderId);
    const watches = this.#watches.get(clientOrderId) ?? new Set();
    const watch: Watch = { clientOrderId, on, latest: null, [Symbol.dispose]: () => this.#end(symbol, watch) };
    this.#watches.set(clientOrderId, watches.add(watch));
    const known = this.#symbols.get(symbol);
    if (known) known.use(() => this.#refresh(clientOrderId, known));
    else this.#open(symbol, clientOrderId);
    return watch;
  }

  /** Fills of others on the same account close positions too. */
  hear(event: PrivateEvent): void {
    if (event.type === 'fill') this.#symbols.get(event.fill.symbol)?.take(event.fill);
    else if (event.type === 'position') this.#symbols.get(event.position.symbol)?.compare(event.position);
    else if (event.type === 'stream' && event.state === 'up') for (const each of this.#symbols.values()) each.fetch();
  }

  [Symbol.dispose](): void {
    this.#stopDesk();
    for (const each of this.#symbols.values()) each[Symbol.dispose]();
    this.#symbols.clear();
    this.#watches.clear();
  }

  #open(symbol: string, clientOrderId: string): void {
    const opened = new SymbolWatch(this.parts, symbol, () => this.#refreshAll(symbol));
    this.#symbols.set(symbol, opened);
    opened.use(() => this.#refresh(clientOrderId, opened));
  }

  #refreshAll(symbol: string): void {
    const from = this.#symbols.get(symbol);
    if (!from) return;
    for (const id of [...this.#watches.keys()]) if (this.parts.desk.order(id).symbol === symbol) this.#refresh(id, from);
  }

  #refresh(clientOrderId: string, from: SymbolWatch): void {
    const { desk, accountId } = this.parts;
    const settled = !desk.unsettled().some((each) => each.clientOrderId === clientOrderId);
    const update = describePnl(accountId, { ...desk.order(clientOrderId), settled }, from);
    if (!update) return;
    for (const watch of [...(this.#watches.get(clientOrderId) ?? [])]) this.#tell(watch, update);
    if (!update.open) this.#endAll(clientOrderId);
  }

  #tell(watch: Watch, update: PnlUpdate): void {
    const before = watch.latest;
    if (before && (Object.keys(update) as (keyof PnlUpdate)[]).every((key) => sameValue(before[key], update[key]))) return;
    watch.latest = update;
    try {
      watch.on(update);
    } catch (err) {
      this.parts.logger.error({ err }, 'a listener of profit and loss threw');
    }
  }

  #endAll(clientOrderId: string): void {
    for (const watch of [...(this.#watches.get(clientOrderId) ?? [])]) watch[Symbol.dispose]();
  }

  #end(symbol: string, watch: Watch): void {
    const watches = this.#watches.get(watch.clientOrderId);
    if (!watches?.delete(watch)) return;
    if (watches.size === 0) this.#watches.delete(watch.clientOrderId);
    const from = this.#symbols.get(symbol);
    if (!from?.leave()) return;
    from[Symbol.dispose]();
    this.#symbols.delete(symbol);
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
