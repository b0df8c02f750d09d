import type { SpeedEvent } from '@speed-protocol/core';
import { Hub, type RecordedBook } from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import type { Subscriber } from '../streams/publisher.js';
import { RECORDED_STREAMS } from './frames.js';

interface Stream {
  readonly name: string;
  readonly match: RegExpExecArray;
  readonly say: (typeof RECORDED_STREAMS)[number]['say'];
}

/** Who listens to which recorded stream. Streams that no recording fills are taken and stay silent. */
export class RecordedPublisher {
  readonly #product: Product;
  /** By symbol, in lower case as stream names have it. */
  readonly #streams = new Map<string, Map<string, Stream>>();
  readonly #hub: Hub<Subscriber>;

  constructor(product: Product) {
    this.#product = product;
    this.#hub = new Hub(
      (name) => this.#begin(name),
      (name) => this.#streams.get(symbolOf(name))?.delete(name),
    );
  }

  get streams(): number {
    return this.#hub.channels.length;
  }

  add(name: string, subscriber: Subscriber): void {
    this.#hub.add(name, subscriber);
  }

  remove(name: string, subscriber: Subscriber): void {
    this.#hub.remove(name, subscriber);
  }

  /** @returns messages sent */
  publish(event: SpeedEvent, book: RecordedBook): number {
    let sent = 0;
    for (const { name, match, say } of this.#streams.get(event.venueSymbol.toLowerCase())?.values() ?? []) {
      const payload = say(event, { product: this.#product, book, match });
      if (!payload) continue;
      const json = JSON.stringify(payload);
      for (const subscriber of this.#hub.of(name)) {
        subscriber.send(subscriber.combined ? `{"stream":${JSON.stringify(name)},"data":${json}}` : json, name);
        sent++;
      }
    }
    return sent;
  }

  #begin(name: string): void {
    const symbol = symbolOf(name);
    for (const { pattern, say } of RECORDED_STREAMS) {
      const match = pattern.exec(name.slice(symbol.length + 1));
      if (match === null) continue;
      const streams = this.#streams.get(symbol) ?? new Map<string, Stream>();
      this.#streams.set(symbol, streams.set(name, { name, match, say }));
      return;
    }
  }
}

const symbolOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf('@')));
