import type { VenueContext } from '../calls/api-socket.js';
import { createRestClient } from './client.js';
import type { EndpointTable } from './endpoint.js';
import type { RestClient, RestClientSpec } from './spec.js';

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
