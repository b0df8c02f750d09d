import type { Fill, FillQuery } from '@speed-protocol/core';

/** All fills from a time (ms) on, oldest first, page by page; each once. */
export async function* fillsSince(ask: (query: FillQuery) => Promise<readonly Fill[]>, since: number): AsyncGenerator<Fill> {
  const seen = new Set<string>();
  let query: FillQuery = { since };
  for (;;) {
    const news = (await ask(query)).filter((fill) => !seen.has(keyOf(fill)));
    // Each page begins with the last fill of the one before; nothing new means that there is no more.
    if (news.length === 0) return;
    for (const fill of news) seen.add(keyOf(fill));
    yield* news;
    query = { fromId: news.at(-1)!.tradeId };
  }
}

function keyOf({ tradeId, venueOrderId }: Fill): string {
  return `${tradeId} ${venueOrderId}`;
}
