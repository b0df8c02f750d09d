import { nearest, SpeedError } from '@speed-protocol/core';
import type { CcxtConstructor, CcxtModule } from './types.js';

/** How venue ids of the bridge begin; what follows is ccxt's own id. */
export const PREFIX = 'ccxt:';

// Not a literal: the compiler would read the declarations of a hundred exchanges for it.
const CCXT: string = 'ccxt';
let loading: Promise<CcxtModule> | undefined;

/**
 * ccxt, loaded at the first call.
 * @throws SpeedError `config` when it is not installed
 */
function loadCcxt(): Promise<CcxtModule> {
  loading ??= import(CCXT).then(({ default: ccxt }: { readonly default: CcxtModule }) => ccxt);
  return loading.catch((cause: unknown) => {
    loading = undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpeedError('config', `the bridge needs ccxt, which cannot be loaded: npm install ccxt@4 (${why})`, { cause });
  });
}

/**
 * The class of an exchange: with streams where ccxt has them.
 * @param venue e.g. `ccxt:kraken`
 * @throws SpeedError `not-found` naming the nearest exchange that ccxt has; `config` when ccxt is not installed
 */
export async function loadExchange(venue: string): Promise<CcxtConstructor> {
  const ccxt = await loadCcxt();
  const id = venue.slice(PREFIX.length);
  const found = ccxt.exchanges.includes(id) ? (ccxt.pro[id] ?? (ccxt[id] as CcxtConstructor)) : undefined;
  if (found) return found;
  const near = nearest(id, ccxt.exchanges);
  const hint = near === undefined ? 'its ids are listed at https://docs.ccxt.com' : `did you mean "${PREFIX}${near}"?`;
  throw new SpeedError('not-found', `ccxt has no exchange "${id}"; ${hint}`, { venue });
}
