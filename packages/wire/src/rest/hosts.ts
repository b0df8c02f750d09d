import { SpeedError } from '@speed-protocol/core';

/**
 * Refuses a host that the environment does not list: a test credential can then never reach a live venue.
 * @throws SpeedError `config` naming the host and the ones allowed
 */
export function assertAllowedHost(origin: string, allowed: readonly string[]): void {
  const host = hostOf(origin);
  if (allowed.includes(host)) return;
  throw new SpeedError('config', `host "${host}" is not allowed in this environment; allowed: ${allowed.join(', ') || 'none'}`);
}

/** `name` or `name:port` of an origin or URL, lower case. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    throw new SpeedError('config', `"${url}" is not a URL; write e.g. "https://api.example.com"`);
  }
}
