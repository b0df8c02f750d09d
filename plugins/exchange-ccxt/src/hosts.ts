import { SpeedError } from '@speed-protocol/core';
import { hostOf } from '@speed-protocol/wire';
import type { CcxtConfig } from './config.js';
import type { CcxtExchange } from './types.js';

/** @throws SpeedError `config` when the address is not of the environment */
export type HostRule = (url: string) => void;

/**
 * Puts the addresses of the exchange where the environment says, and gives the rule for where it may talk to. Of the
 * simulator's only those of streams are changed: ccxt tells errors apart by the host that it believes to have asked, so
 * requests find their way in {@link requestOrigin}.
 */
export function direct(exchange: CcxtExchange, { environment, origin, urls }: CcxtConfig): HostRule {
  const live = hostsIn(exchange.urls['api'], exchange);
  if (environment === 'sandbox') exchange.setSandboxMode(true);
  if (environment === 'sim') exchange.urls = streamsMoved(exchange.urls, origin as string) as Record<string, unknown>;
  if (urls) exchange.urls = merged(exchange.urls, urls) as Record<string, unknown>;
  if (environment === 'live') return () => undefined;
  if (environment === 'sim') return only(new Set([hostOf(origin as string)]), 'the simulator');
  return except(live, hostsIn(exchange.urls['api'], exchange));
}

/** Where a request of ccxt's goes; its path stays. */
export function requestOrigin(url: URL, { environment, origin }: CcxtConfig): string {
  return environment === 'sim' ? new URL(origin as string).origin : url.origin;
}

/** A key of the simulator leaves this host for nowhere. */
function only(allowed: ReadonlySet<string>, what: string): HostRule {
  return (url) => {
    if (!allowed.has(hostOf(url))) throw new SpeedError('config', `"${hostOf(url)}" is not a host of ${what}; nothing was sent`);
  };
}

/** A key of the sandbox never goes to a host of the exchange itself; some exchanges name stream hosts only when asked. */
function except(live: ReadonlySet<string>, chosen: ReadonlySet<string>): HostRule {
  return (url) => {
    const host = hostOf(url);
    if (!live.has(host) || chosen.has(host)) return;
    throw new SpeedError('config', `"${host}" belongs to the live exchange, this is its sandbox; nothing was sent`);
  };
}

const ADDRESS = /^(https?|wss?):\/\//;

/** The streams' addresses of a tree at another origin, paths as they were. */
function streamsMoved(tree: unknown, origin: string): unknown {
  // By hand: templates such as `{hostname}` are no URLs yet.
  return mapped(tree, (text) => text.replace(/^wss?:\/\/[^/]*/, origin.replace(/^http/, 'ws')));
}

function mapped(tree: unknown, map: (text: string) => string): unknown {
  if (typeof tree === 'string') return map(tree);
  if (Array.isArray(tree)) return tree.map((each) => mapped(each, map));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, mapped(value, map)]));
}

/** Values of the second take the place of those of the first, branch by branch. */
export function merged(one: unknown, other: unknown): unknown {
  const isTree = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isTree(one) || !isTree(other)) return other;
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const next = key in one ? merged(one[key], value) : value;
    // Defined, not assigned: a key named __proto__ must not reach a prototype.
    Object.defineProperty(result, key, { value: next, writable: true, enumerable: true, configurable: true });
  }
  return result;
}

function hostsIn(tree: unknown, exchange: CcxtExchange): ReadonlySet<string> {
  const hosts = new Set<string>();
  mapped(tree, (text) => {
    const address = text.replaceAll('{hostname}', exchange.hostname ?? '');
    if (ADDRESS.test(address) && URL.canParse(address)) hosts.add(new URL(address).host);
    return text;
  });
  return hosts;
}
