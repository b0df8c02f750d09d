import { SpeedError } from '@speed-protocol/core';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Request parameters; `undefined` and `null` are left out. */
export type Params = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What one call takes out of a bucket of the rate gate: fixed, or a function of the parameters. */
export type Weight = number | ((params: Params) => number);

/** One REST route, as the venue documents it. */
export interface Endpoint {
  readonly method: Method;
  /** Path on the host; `{name}` is filled from the parameter of that name. */
  readonly path: string;
  /** Taken from {@link bucket}. */
  readonly weight: Weight;
  /** Bucket of the rate gate that `weight` is taken from; the gate's first one when absent. */
  readonly bucket?: string;
  /** Further buckets, e.g. order counts. */
  readonly costs?: Readonly<Record<string, Weight>>;
  /** `key`: the API key alone. `signed`: key, timestamp and signature. Default `none`. */
  readonly auth?: 'none' | 'key' | 'signed';
  /** True when sending it twice does no more than sending it once: only then is it ever sent again. */
  readonly idempotent: boolean;
  /** Name of another host of the client's `hosts`. */
  readonly host?: string;
  /** Where parameters go: `query` unless said otherwise. */
  readonly encoding?: 'query' | 'form' | 'json';
  /** The parameter that is the whole body, written already: for JSON that is no flat object. The others only weigh. */
  readonly whole?: string;
}

export type EndpointTable = Readonly<Record<string, Endpoint>>;

/** Keeps the names of the rows in the type, so that a client knows its calls. */
export function defineEndpoints<const E extends EndpointTable>(endpoints: E): E {
  return endpoints;
}

/**
 * Routes by name, from the rows of a venue's own table. What {@link read} does not say of one: GET, unsigned, of weight 1;
 * what is no GET has JSON for a body and is never sent twice.
 */
export function endpointsOf<N extends string, R>(
  rows: Readonly<Record<N, R>>,
  read: (row: R, name: N) => Pick<Endpoint, 'path'> & Partial<Endpoint>,
): Readonly<Record<N, Endpoint>> {
  const endpoint = (name: N): Endpoint => {
    const { method = 'GET', ...said } = read(rows[name], name);
    const isGet = method === 'GET';
    return { method, weight: 1, encoding: isGet ? 'query' : 'json', idempotent: isGet, ...said };
  };
  return Object.fromEntries((Object.keys(rows) as N[]).map((name) => [name, endpoint(name)])) as Record<N, Endpoint>;
}

/** Weight that steps with a numeric parameter: the first row whose bound is not below its value. */
export function weightByLimit(
  parameter: string,
  byDefault: number,
  rows: readonly (readonly [upTo: number, weight: number])[],
): (params: Params) => number {
  return (params) => {
    const value = Number(params[parameter] ?? byDefault);
    return (rows.find(([upTo]) => value <= upTo) ?? rows[rows.length - 1])![1];
  };
}

/** Weight of a route that may be asked for one thing or for everything. */
export function weightByPresence(parameters: readonly string[], one: number, all: number): (params: Params) => number {
  return (params) => (parameters.some((name) => params[name] !== undefined && params[name] !== null) ? one : all);
}

/** What a call takes from each bucket of the gate; `firstBucket` is where the weight goes by default. */
export function costsOf(endpoint: Endpoint, params: Params, firstBucket: string): Readonly<Record<string, number>> {
  const costs: Record<string, number> = { [endpoint.bucket ?? firstBucket]: value(endpoint.weight, params) };
  for (const [bucket, weight] of Object.entries(endpoint.costs ?? {})) {
    costs[bucket] = (costs[bucket] ?? 0) + value(weight, params);
  }
  return costs;
}

/** True when no parameter changes what a call takes. */
export function hasFixedCosts({ weight, costs }: Endpoint): boolean {
  return typeof weight === 'number' && Object.values(costs ?? {}).every((each) => typeof each === 'number');
}

function value(weight: Weight, params: Params): number {
  return typeof weight === 'number' ? weight : weight(params);
}

/** Fills `{name}` in a path; the parameters used up are not sent again. */
export function fillPath(path: string, params: Params): { path: string; rest: Params } {
  if (!path.includes('{')) return { path, rest: params };
  const rest: Record<string, Params[string]> = { ...params };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = params[name];
    if (part === undefined || part === null) {
      throw new SpeedError('invalid-request', `${path} needs the parameter "${name}"`);
    }
    delete rest[name];
    return percentEncode(String(part));
  });
  return { path: filled, rest };
}

/** `a=1&b=%E5%B8%81`, percent-encoded, in the order given. */
export function encodeQuery(params: Params): string {
  const parts: string[] = [];
  for (const [name, part] of Object.entries(params)) {
    if (part !== undefined && part !== null) parts.push(`${percentEncode(name)}=${percentEncode(String(part))}`);
  }
  return parts.join('&');
}

function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new SpeedError('invalid-request', 'a request parameter is not well-formed Unicode (a lone surrogate)', { cause });
  }
}
