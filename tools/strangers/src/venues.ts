import type { ReadyLine } from '@speed-protocol/simulator';

/** Where the venue's own hosts are played: the origin, and what lies between it and the host's paths. */
const HOSTS: Readonly<Record<string, { readonly venue: string; readonly under?: string }>> = {
  'api.binance.com': { venue: 'binance' },
  // ccxt takes a socket for spot if its URL contains "/stream".
  'stream.binance.com:9443': { venue: 'binance', under: '/stream' },
  'ws-api.binance.com': { venue: 'binance' },
  'fapi.binance.com': { venue: 'binanceusdm' },
  'fstream.binance.com': { venue: 'binanceusdm' },
  'ws-fapi.binance.com': { venue: 'binanceusdm' },
  'dapi.binance.com': { venue: 'binancecoinm' },
  'dstream.binance.com': { venue: 'binancecoinm' },
  'ws-dapi.binance.com': { venue: 'binancecoinm' },
};

/** An address of the real venue, pointed at the simulator; others are left alone (and are then blocked). */
export function pointAt(ready: ReadyLine, address: string): string {
  if (!/^(https?|wss?):/.test(address)) return address;
  const url = new URL(address);
  const host = HOSTS[url.host];
  const venue = host && ready.venues[host.venue];
  if (!venue) return address;
  const origin = new URL(venue.rest['public']!);
  const scheme = url.protocol.startsWith('ws') ? 'ws' : 'http';
  return `${scheme}://${origin.host}${host.under ?? ''}${url.pathname}${url.search}`;
}

/** All addresses in a tree of settings, pointed at the simulator. */
export function pointAll<T>(ready: ReadyLine, tree: T): T {
  if (typeof tree === 'string') return pointAt(ready, tree) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([key, value]) => [key, pointAll(ready, value as unknown)]);
  return (Array.isArray(tree) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as T;
}
