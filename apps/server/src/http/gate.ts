import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../bind.js';
import type { ServerConfig } from '../config.js';

/** Who may talk to this server, as exact texts of the Host and Origin headers. */
export interface Gate {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

/**
 * The allow-lists of a server that listens on `port`. A page of any other origin, or one that reached this machine by a
 * name of its own (DNS rebinding), is not on them.
 */
export function createGate({ host, hosts, origins, tls }: ServerConfig, port: number): Gate {
  const own = [...ownNames(host).map((name) => authority(name, port, tls !== undefined)), ...hosts];
  const scheme = tls ? 'https' : 'http';
  const proxied = hosts.map((name) => `https://${name}`);
  return { hosts: new Set(own), origins: new Set([...own.map((each) => `${scheme}://${each}`), ...proxied, ...origins]) };
}

/** A name that is an address cannot be rebound, so the addresses that are listened on are known to be us; other names must be listed. */
function ownNames(host: string): string[] {
  if (isLoopback(host)) return [...new Set([inUrl(host), 'localhost'])];
  if (!WILDCARDS.has(host)) return isIP(host) ? [inUrl(host)] : [];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return ['localhost', ...addresses.filter(({ scopeid }) => !scopeid).map(({ address }) => inUrl(address))];
}

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const inUrl = (address: string): string => (isIPv6(address) ? `[${address}]` : address);

function authority(name: string, port: number, tls: boolean): string {
  return port === (tls ? 443 : 80) ? name : `${name}:${port}`;
}

/** Why a request is refused, or `undefined` when it may pass. Checked before anything else, also before an upgrade. */
export function gateRefusal(gate: Gate, request: IncomingMessage): string | undefined {
  const hosts = valuesOf(request, 'host');
  if (hosts.length !== 1 || !gate.hosts.has(hosts[0]!)) {
    return `Host ${show(hosts)} is not one of ${[...gate.hosts].join(', ')}; add it to server.hosts if it is yours`;
  }
  const origins = valuesOf(request, 'origin');
  if (origins.length > 1 || (origins.length === 1 && !gate.origins.has(origins[0]!))) {
    return `Origin ${show(origins)} is not one of ${[...gate.origins].join(', ')}; add it to server.origins if it is yours`;
  }
  return undefined;
}

/** All values of a header as sent: Node drops or joins repeated ones, and a repeated one is never honest here. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === name) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

const show = (values: readonly string[]): string =>
  values.length === 0 ? '(none)' : values.map((each) => JSON.stringify(each)).join(', ');
