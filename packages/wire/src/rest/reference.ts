import { type CallOptions, type Instrument, nearest, type Reference, SpeedError } from '@speed-protocol/core';
import { abortable } from './abortable.js';

export interface ReferenceSpec {
  readonly venue: string;
  /** Asks the venue. One call at a time, however many wait for it; the connector's own signal ends it. */
  load(): Promise<readonly Instrument[]>;
  serverTime(options?: CallOptions): Promise<number>;
  /** Names an instrument in {@link InstrumentCache.byVenueSymbol}; given where products of the venue share ids. */
  keyOf?(instrument: Instrument): string;
}

/** What is known of the listing without asking. */
export interface InstrumentCache extends Reference {
  /** Instruments by unified symbol; empty before the first load. */
  readonly bySymbol: ReadonlyMap<string, Instrument>;
  /** Instruments by the venue's id, or what {@link ReferenceSpec.keyOf} makes of it. */
  readonly byVenueSymbol: ReadonlyMap<string, Instrument>;
}

/** A venue's listing: loaded at first use, shared, refreshed on request. A failed load is tried again by the next caller. */
export function createReference(spec: ReferenceSpec): InstrumentCache {
  let list: readonly Instrument[] | undefined;
  let loading: Promise<readonly Instrument[]> | undefined;
  const bySymbol = new Map<string, Instrument>();
  const byVenueSymbol = new Map<string, Instrument>();

  const keep = (loaded: readonly Instrument[]): readonly Instrument[] => {
    bySymbol.clear();
    byVenueSymbol.clear();
    for (const instrument of loaded) {
      bySymbol.set(instrument.symbol, instrument);
      byVenueSymbol.set(spec.keyOf?.(instrument) ?? instrument.venueSymbol, instrument);
    }
    list = loaded;
    return loaded;
  };
  const load = (): Promise<readonly Instrument[]> => {
    loading ??= spec
      .load()
      .then(keep)
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };

  return {
    bySymbol,
    byVenueSymbol,
    async instruments({ refresh = false, signal } = {}) {
      return list !== undefined && !refresh ? list : abortable(load(), signal);
    },
    async instrument(symbol, { signal } = {}) {
      if (list === undefined) await abortable(load(), signal);
      const found = bySymbol.get(symbol);
      if (!found) throw unknownSymbol(spec.venue, symbol, bySymbol);
      return found;
    },
    serverTime: (options) => spec.serverTime(options),
  };
}

function unknownSymbol(venue: string, symbol: string, bySymbol: ReadonlyMap<string, Instrument>): SpeedError {
  const near = likely(symbol, bySymbol);
  const advice = near === undefined ? `list them with \`speed symbols ${venue}\`` : `did you mean "${near}"?`;
  return new SpeedError('not-found', `${venue} has no symbol "${symbol}"; ${advice}`, { venue });
}

/** The venue's own id, a pair without its settlement, or a slip of the finger. */
function likely(symbol: string, bySymbol: ReadonlyMap<string, Instrument>): string | undefined {
  const upper = symbol.toUpperCase();
  const listed = [...bySymbol.values()];
  const byId =
    listed.find(({ venueSymbol }) => venueSymbol === symbol) ?? listed.find(({ venueSymbol }) => venueSymbol === upper);
  if (byId) return byId.symbol;
  const near = nearest(symbol, bySymbol.keys());
  if (near !== undefined && symbol.includes(':')) return near;
  const pair = upper.split(':')[0]!;
  for (const candidate of bySymbol.keys()) if (candidate === pair || candidate.startsWith(`${pair}:`)) return candidate;
  return near;
}
