import { isIPv4 } from 'node:net';
import { SpeedError } from '@speed-protocol/core';
import type { ServerConfig } from './config.js';

/** Names that only this machine can reach. `localhost` is one: it is bound as the resolver gives it, which is loopback. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * A bind that other machines can reach needs a token, and TLS here or a TLS proxy in front.
 * @throws SpeedError `config` saying what is missing
 */
export function checkBind({ host, token, users, tls, insecure }: ServerConfig): void {
  if (isLoopback(host)) return;
  const missing = [
    ...(token || Object.keys(users).length > 0 ? [] : ['server.token (at least 16 characters), or server.users']),
    ...(tls || insecure
      ? []
      : ['server.tls { certFile, keyFile }, or server.insecure: behind-proxy when a TLS proxy stands in front']),
  ];
  if (missing.length === 0) return;
  throw new SpeedError(
    'config',
    `server.host is "${host}", which other machines can reach; that also needs ${missing.join('; ')}. ` +
      'For this machine only use server.host: 127.0.0.1',
  );
}
