import type { FeedName, Subscription, SubscriptionState } from '@speed-protocol/core';
import type { Source } from './source.js';

/** One consumer's end of a source. */
export class ListenerSubscription implements Subscription {
  readonly closed: Promise<void>;
  private left = false;
  private settle!: () => void;

  constructor(
    readonly feed: FeedName,
    readonly symbol: string,
    private readonly source: Source,
    private readonly leave: () => void,
  ) {
    this.closed = new Promise((resolve, reject) => {
      const forget = source.lifetime.onEnd((error) => (error ? reject(error) : resolve()));
      this.settle = () => {
        forget();
        resolve();
      };
    });
    // Whoever cares awaits it; a subscriber that does not must not bring the process down.
    this.closed.catch(() => undefined);
  }

  get state(): SubscriptionState {
    return this.left ? 'closed' : this.source.state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.left) return;
    this.left = true;
    this.leave();
    this.settle();
  }
}
