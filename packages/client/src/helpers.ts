import type { AccountEvent, FeedMessages, GapMessage, PushedEvent, Reply, ServerFeed } from '@speed-protocol/protocol';

export type ServerObject = Reply | PushedEvent | AccountEvent;

export function parse(text: string): ServerObject | ServerObject[] | undefined {
  try {
    return JSON.parse(text) as ServerObject | ServerObject[];
  } catch {
    return undefined;
  }
}

export function deferred() {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  // A subscription whose end nobody watches is not an unhandled rejection.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

export function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

export function overflowGap<E extends FeedMessages[ServerFeed] | GapMessage>(feed: ServerFeed, last: E): E {
  const { venue, symbol, channel, venueTime } = last;
  const venueSymbol = 'venueSymbol' in last ? last.venueSymbol : '';
  return { type: 'gap', feed, reason: 'overflow', venue, symbol, venueSymbol, venueTime, receivedAt: Date.now(), channel } as E;
}
