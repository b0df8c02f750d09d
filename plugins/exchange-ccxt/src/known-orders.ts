/** Of so many orders. */
const CAPACITY = 20_000;

/** Ids of orders that this connector has seen: ccxt's methods want the exchange's own, and its fills lack ours. */
export class KnownOrders {
  readonly #venueIds = new Map<string, string>();
  readonly #clientIds = new Map<string, string>();
  readonly #tradeTimes = new Map<string, number>();

  learn(venueOrderId: string, clientOrderId: string | null): void {
    if (clientOrderId === null) return;
    keep(this.#venueIds, clientOrderId, venueOrderId);
    keep(this.#clientIds, venueOrderId, clientOrderId);
  }

  venueId(clientOrderId: string): string | undefined {
    return this.#venueIds.get(clientOrderId);
  }

  clientId(venueOrderId: string): string | null {
    return this.#clientIds.get(venueOrderId) ?? null;
  }

  /** When a fill was, so that fills can be asked for from there on: ccxt asks by time only. */
  learnTrade(tradeId: string, time: number): void {
    keep(this.#tradeTimes, tradeId, time);
  }

  tradeTime(tradeId: string): number | undefined {
    return this.#tradeTimes.get(tradeId);
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > CAPACITY) map.delete(map.keys().next().value as string);
}
