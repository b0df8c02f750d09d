import type { Connector, FeedName, FeedOptions, SpeedEvent, Subscription } from '@speed-protocol/core';
import { keepEvent } from '@speed-protocol/core';
import type { World } from './world.js';

/** Where a check belongs; reports are grouped by it. */
export const ROOMS = [
  'reference',
  'market data',
  'gaps and resync',
  'trading',
  'private streams',
  'outcome policy',
  'limits',
  'errors',
  'ids',
  'clock skew',
  'disposal',
] as const;
export type Room = (typeof ROOMS)[number];

/** What a check works on: a fresh world, and a connector in it. */
export class Bench {
  constructor(
    readonly world: World,
    readonly connector: Connector,
  ) {}

  get venue(): string {
    return this.connector.venue;
  }

  /** The first symbol that trades. */
  get symbol(): string {
    return this.world.symbols[0] as string;
  }

  get market() {
    if (!this.connector.market) throw new Error('the connector has no market data, though it declares some');
    return this.connector.market;
  }

  get funding() {
    if (!this.connector.funding) throw new Error('the connector has no funding, though it declares it');
    return this.connector.funding;
  }

  subscribe(feed: FeedName, on: (event: SpeedEvent) => void, symbol = this.symbol, options: FeedOptions = {}) {
    const subscribing: Promise<Subscription> = this.market.subscribe(feed, symbol, on, options);
    return this.world.settled(subscribing, `the subscription of ${feed} of ${symbol}`);
  }

  /** Subscribes and keeps copies of the events. */
  async collect(feed: FeedName, symbol = this.symbol, options: FeedOptions = {}): Promise<Collected> {
    const events: SpeedEvent[] = [];
    const subscription = await this.subscribe(feed, (event) => void events.push(keepEvent(event)), symbol, options);
    return { events, subscription };
  }
}

export interface Collected {
  readonly events: readonly SpeedEvent[];
  readonly subscription: Subscription;
}

/** One row of a suite: what must hold, of which venues, and what it proves. */
export interface CheckRow {
  readonly room: Room;
  readonly name: string;
  /** The capability whose working this proves, as the matrix names it, e.g. `feed trade`. */
  readonly capability?: string;
  /** Runs this check with credentials. */
  readonly signedIn?: boolean;
  /** When the world begins, ms, where it matters. */
  readonly clock?: number;
  run(bench: Bench): Promise<void>;
}
