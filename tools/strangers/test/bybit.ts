import type { RunningSimulator } from '@speed-protocol/simulator';
import type { Exchange } from 'ccxt';

/** What is played where: an address of the venue, `{hostname}` and all, pointed at the simulator. */
function pointed<T>(tree: T, origin: string): T {
  if (typeof tree === 'string') {
    const path = /^(https?|wss?):\/\/[^/]+(.*)$/.exec(tree);
    return (path ? `${path[1]!.startsWith('ws') ? 'ws' : 'http'}://${origin}${path[2]}` : tree) as T;
  }
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, pointed(value as unknown, origin)])) as T;
}

/** ccxt as it comes, but for its URLs. */
export async function pointBybit<E extends Exchange>(sim: RunningSimulator, exchange: E): Promise<E> {
  const { host } = new URL(sim.ready.venues['bybit']!.rest['public'] as string);
  const urls = exchange.urls as { api: object };
  urls.api = pointed(urls.api, host);
  // ccxt builds its agents for plain ws:// only when it has looked for a proxy.
  await exchange.loadHttpProxyAgent();
  return exchange;
}
