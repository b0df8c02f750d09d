import type { Connector, FeedName, Subscription } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import { type DatasetName, feedOf } from '@speed-protocol/history';

/** Datasets recorded unless told otherwise: whatever of them the venue has. */
export const DEFAULT_DATASETS: readonly DatasetName[] = [
  'orderbooks',
  'depth',
  'trades',
  'quotes',
  'funding',
  'candles',
  'liquidations',
];

/** The feeds that the datasets need; periodic books are made from depth. */
export function feedsFor(datasets: readonly DatasetName[]): FeedName[] {
  return [...new Set(datasets.flatMap((name) => (name === 'orderbooks' ? 'depth' : (feedOf(name) ?? []))))];
}

/**
 * Those of the feeds that the connector has.
 * @throws SpeedError `unsupported` when it has none of them
 */
export function offeredFeeds(connector: Connector, feeds: readonly FeedName[]): FeedName[] {
  const declared = connector.capabilities.market?.feeds ?? [];
  const offered = feeds.filter((feed) => declared.includes(feed));
  if (offered.length > 0) return offered;
  const { venue } = connector;
  throw new SpeedError(
    'unsupported',
    `${venue} has none of ${feeds.join(', ')}; it has ${declared.join(', ') || 'no market data'}`,
    { venue },
  );
}

/** Disposes all, even when one fails; the first failure is thrown at the end. */
export async function disposeAll(subscriptions: readonly Subscription[]): Promise<void> {
  const settled = await Promise.allSettled(subscriptions.map((each) => each[Symbol.asyncDispose]()));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
