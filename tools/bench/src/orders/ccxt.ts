import ccxt from 'ccxt';
import { API_KEY, type Contestant, SECRET, SYMBOL } from './contestant.js';

type Exchange = InstanceType<typeof ccxt.pro.binanceusdm>;

/** ccxt without its rate limiter, pointed at the venue of the bench. */
export function ccxtExchange(origin: string): Exchange {
  const exchange = new ccxt.pro.binanceusdm({ apiKey: API_KEY, secret: SECRET, enableRateLimit: false });
  exchange.urls = pointed(exchange.urls, new URL(origin).host) as Exchange['urls'];
  exchange.has['fetchCurrencies'] = false;
  exchange.options['defaultType'] = 'future';
  exchange.options['fetchMarkets'] = { types: ['linear'] };
  return exchange;
}

export async function ccxtContestant(origin: string): Promise<Contestant> {
  const exchange = ccxtExchange(origin);
  await exchange.loadMarkets();
  // For sockets without TLS.
  await exchange.loadHttpProxyAgent();
  return {
    name: 'ccxt',
    socket: () => exchange.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, 60_000),
    rest: () => exchange.createOrder(SYMBOL, 'limit', 'buy', 0.01, 60_000),
    [Symbol.asyncDispose]: async () => void (await exchange.close()),
  };
}

/** All addresses in a tree of settings, with another host. */
function pointed(tree: unknown, host: string): unknown {
  if (typeof tree === 'string') {
    if (!/^(https?|wss?):/.test(tree)) return tree;
    const { protocol, pathname } = new URL(tree);
    return `${protocol.startsWith('ws') ? 'ws' : 'http'}://${host}${pathname}`;
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, pointed(value, host)]));
}
