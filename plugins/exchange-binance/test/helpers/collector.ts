import { keepEvent, type SpeedEvent } from '@speed-protocol/core';

/** Keeps the events it is given and lets a test wait for them. */
export class Collector {
  readonly events: SpeedEvent[] = [];
  private readonly waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly on = (event: SpeedEvent): void => {
    this.events.push(keepEvent(event));
    for (const waiter of [...this.waiting]) if (this.events.length >= waiter.count) waiter.resolve();
  };

  /** Settles when so many events have come. */
  async count(count: number): Promise<readonly SpeedEvent[]> {
    if (this.events.length < count) await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    return this.events;
  }
}
