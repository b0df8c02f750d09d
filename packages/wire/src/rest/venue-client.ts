import type { VenueContext } from '../calls/api-socket.js';
import { createRestClient } from './client.js';
import type { EndpointTable } from './endpoint.js';
import type { BucketSpec } from './gate.js';
import { sharedRateGate } from './shared-gate.js';
import type { RestClient, RestClientSpec, SignHook } from './spec.js';

interface VenueClientSpec<E extends EndpointTable>
  extends Pick<RestClientSpec<E>, 'venue' | 'endpoints' | 'sign' | 'errors' | 'gate' | 'headers' | 'time'> {
  /** Where the venue is reached under the configuration. */
  readonly hosted: { readonly rest: string; readonly allowedHosts: readonly string[] };
}

/** The REST client of a plugin: what its context and its configuration say, and the venue's tables. */
export function createVenueClient<E extends EndpointTable>(
  { config, clock, logger, signal }: VenueContext,
  { hosted, ...tables }: VenueClientSpec<E>,
): RestClient<E> {
  const { rest: baseUrl, allowedHosts } = hosted;
  return createRestClient({ ...tables, baseUrl, allowedHosts, clock, logger, signal, timeoutMs: config.timeoutMs });
}

/** The REST side of a venue with one pool of allowances, by its tables. */
interface VenueClientTables<V extends string, C, E extends EndpointTable>
  extends Pick<RestClientSpec<E>, 'endpoints' | 'errors' | 'time'> {
  /** Where the venue is reached under a configuration. */
  resolve(config: C, venue: V): { readonly rest: string; readonly allowedHosts: readonly string[]; readonly place: string };
  readonly buckets: readonly BucketSpec[];
  /** Who shares the allowances: names the gate. @param place the environment */
  pool(place: string, config: C): string;
  /** `undefined` without credentials. */
  sign(config: C): SignHook | undefined;
  /** Sent with every request. */
  readonly headers?: (config: C) => Readonly<Record<string, string>>;
}

/** Makes REST clients of a venue. */
export function venueClients<V extends string, C extends { readonly timeoutMs: number }, E extends EndpointTable>(
  tables: VenueClientTables<V, C, E>,
): (venue: V, context: VenueContext<C>) => RestClient<E> {
  const { resolve, buckets, pool, sign, headers, ...rest } = tables;
  return (venue, context) => {
    const { config, clock } = context;
    const hosted = resolve(config, venue);
    const gate = sharedRateGate(pool(hosted.place, config), buckets, clock);
    return createVenueClient(context, { venue, hosted, gate, sign: sign(config), headers: headers?.(config), ...rest });
  };
}
