import type { ExchangeManifest } from '@speed-protocol/core';
import { type Dialect, type DialectHost, defineDialect } from '@speed-protocol/simulator';
import bridge from '../../src/index.js';

/** A venue of the simulator, under the bridge's id of it. */
export function renamed(dialect: Dialect, id: string): Dialect {
  const own = (venue: string) => venue.replace(bridge.prefix, '');
  const servers = (host: DialectHost) => {
    const venues = new Map([...host.venues].map(([venue, each]) => [own(venue), each]));
    const faults: DialectHost['faults'] = (venue) => host.faults(bridge.prefix + own(venue));
    const made = [...dialect.create({ ...host, venues, faults })];
    return new Map(made.map(([venue, server]) => [bridge.prefix + own(venue), server]));
  };
  const venues = dialect.venues.filter((row) => row.id === id).map((row) => ({ ...row, id: bridge.prefix + row.id }));
  return defineDialect({ id: dialect.id, venues, create: servers });
}

/** What ccxt has to be told besides the origin, so that it keeps to the one venue that is simulated. */
const SETTINGS: Readonly<Record<string, (origin: string) => object>> = {
  // ccxt takes a socket for one of spot when its address contains "/stream".
  binance: (origin) => ({
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
    urls: { api: { ws: { spot: `${origin.replace('http', 'ws')}/stream/ws` } } },
  }),
  binanceusdm: () => ({ options: { fetchCurrencies: false, fetchMargins: false } }),
  okx: () => ({ options: { fetchCurrencies: false } }),
};

/** The bridge's manifest of one exchange, whose connectors live in a simulator. */
export async function bridged(id: string): Promise<ExchangeManifest> {
  const manifest = await bridge.open(bridge.prefix + id);
  const create: ExchangeManifest['create'] = (venue, context = {}) => {
    const { origin } = context.config as { readonly origin: string };
    return manifest.create(venue, { ...context, config: { ...SETTINGS[id]?.(origin), ...(context.config as object) } });
  };
  return { ...manifest, create };
}
