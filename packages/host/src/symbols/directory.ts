import { type Instrument, type InstrumentKind, nearest, SpeedError } from '@speed-protocol/core';
import { AssetBook } from './assets.js';
import { differences, type Identity, identityOf, identityOfSymbol } from './identity.js';
import { type CoinUnits, readCode } from './units.js';

/** An instrument, and how many coins one unit of its base is. */
export interface Match extends CoinUnits {
  readonly instrument: Instrument;
}

/** Looks the same and is not. */
export interface Refusal extends Match {
  /** For people: what differs. */
  readonly reason: string;
}

/** Who trades the same thing, who only seems to, and who does not. */
export interface Across {
  readonly identity: Identity;
  readonly same: readonly Match[];
  readonly refused: readonly Refusal[];
  /** Venues that have it in no form. */
  readonly missing: readonly string[];
}

export interface WhereQuery {
  /** A ticker in its plain meaning, e.g. `BTC`; `1000PEPE` asks for contracts of 1000. */
  readonly coin: string;
  readonly kind?: InstrumentKind | undefined;
  readonly quote?: string | undefined;
  readonly settle?: string | undefined;
  readonly inverse?: boolean | undefined;
}

/** Names of instruments in every direction, over the listings of any number of venues. */
export class SymbolDirectory {
  readonly #venues = new Map<string, VenueNames>();

  constructor(
    listings: Iterable<{ readonly venue: string; readonly instruments: readonly Instrument[] }>,
    private readonly assets: AssetBook = new AssetBook(),
  ) {
    for (const { venue, instruments } of listings) this.#venues.set(venue, new VenueNames(instruments));
  }

  get venues(): readonly string[] {
    return [...this.#venues.keys()];
  }

  /**
   * One instrument by either of its names. A venue may use one id for several kinds; `kind` says which.
   * @throws SpeedError `not-found` naming the nearest name; `invalid-request` listing the instruments that share the id
   */
  resolve(venue: string, name: string, kind?: InstrumentKind): Instrument {
    const names = this.#venues.get(venue);
    if (!names) throw new SpeedError('not-found', `no listing of "${venue}" is loaded`, { venue });
    const found = names.find(name).filter((each) => kind === undefined || each.kind === kind);
    if (found.length > 1) throw ambiguous(venue, name, found);
    if (!found[0]) throw unknownName(venue, name, names);
    return found[0];
  }

  /** The name that comes nearest, on any venue. */
  nearest(name: string): string | undefined {
    return nearest(
      name,
      [...this.#venues.values()].flatMap(({ all }) => all),
    );
  }

  /** Every instrument whose venue calls it so. */
  named(venueSymbol: string): readonly Instrument[] {
    return [...this.#venues.values()].flatMap(({ byVenueSymbol }) => byVenueSymbol.get(venueSymbol) ?? []);
  }

  /**
   * The same instrument on every venue.
   * @param symbol unified; `as` names the venue whose meaning of the tickers counts, and its own ids are understood then
   * @throws SpeedError `not-found`, `invalid-request` when the text is no unified symbol
   */
  across(symbol: string, as?: string): Across {
    const own = as === undefined ? undefined : this.resolve(as, symbol);
    const identity = own ? identityOf(own, this.assets) : identityOfSymbol(symbol, this.assets);
    if (!identity) throw new SpeedError('invalid-request', `"${symbol}" is no unified symbol; write e.g. BTC/USDT:USDT`);
    const same: Match[] = [];
    const refused: Refusal[] = [];
    for (const match of this.#matches()) {
      const reasons = differences(identity, match.identity);
      if (reasons.length === 0) same.push(stripped(match));
      else if (seemsSame(identity, match.identity)) refused.push({ ...stripped(match), reason: reasons.join('; ') });
    }
    const listed = new Set([...same, ...refused].map(({ instrument }) => instrument.venue));
    return { identity, same, refused, missing: this.venues.filter((venue) => !listed.has(venue)) };
  }

  /** Everything that trades a coin; what only shares its ticker, or counts in other units, is refused with the reason. */
  where({ coin, kind, quote, settle, inverse }: WhereQuery): Pick<Across, 'same' | 'refused'> {
    const wanted = readCode(coin);
    const same: Match[] = [];
    const refused: Refusal[] = [];
    for (const match of this.#matches()) {
      const { instrument, identity } = match;
      if (kind !== undefined && instrument.kind !== kind) continue;
      if (quote !== undefined && instrument.quote !== quote) continue;
      if (settle !== undefined && instrument.settle !== settle) continue;
      if (inverse !== undefined && instrument.inverse !== inverse) continue;
      if (identity.base.coin !== wanted.coin && instrument.base !== coin) continue;
      const reasons = differences({ ...identity, base: { code: coin, ...wanted } }, identity);
      if (reasons.length === 0) same.push(stripped(match));
      else refused.push({ ...stripped(match), reason: reasons.join('; ') });
    }
    return { same, refused };
  }

  /** Instruments whose base is not simply its ticker: other coins under it, and bundles of coins, each once per venue. */
  clashes(): readonly Refusal[] {
    const found = new Map<string, Refusal>();
    for (const match of this.#matches()) {
      const { code, coin, units, source } = match.identity.base;
      if ((coin === code && units === 1) || found.has(`${match.instrument.venue} ${code}`)) continue;
      const reason = source ?? (units === 1 ? 'another ticker of the same coin' : 'a bundle, by its ticker');
      found.set(`${match.instrument.venue} ${code}`, { ...stripped(match), reason });
    }
    return [...found.values()];
  }

  *#matches(): Generator<Match & { readonly identity: Identity }> {
    for (const { instruments } of this.#venues.values()) {
      for (const instrument of instruments) {
        const identity = identityOf(instrument, this.assets);
        yield { instrument, identity, coin: identity.base.coin, units: identity.base.units };
      }
    }
  }
}

/** Names of one venue. A unified symbol is unique; an id may serve several kinds. */
class VenueNames {
  readonly bySymbol = new Map<string, Instrument>();
  readonly byVenueSymbol = new Map<string, Instrument[]>();

  constructor(readonly instruments: readonly Instrument[]) {
    for (const instrument of instruments) {
      this.bySymbol.set(instrument.symbol, instrument);
      const sharing = this.byVenueSymbol.get(instrument.venueSymbol);
      if (sharing) sharing.push(instrument);
      else this.byVenueSymbol.set(instrument.venueSymbol, [instrument]);
    }
  }

  /** The unified symbol wins: on some venues ids look like one. */
  find(name: string): readonly Instrument[] {
    const bySymbol = this.bySymbol.get(name);
    return bySymbol ? [bySymbol] : (this.byVenueSymbol.get(name) ?? []);
  }

  get all(): readonly string[] {
    return [...this.bySymbol.keys(), ...this.byVenueSymbol.keys()];
  }
}

/** All but coin, units and hour of expiry agrees, and either the ticker or the coin does: what a person would take for the same. */
function seemsSame(wanted: Identity, found: Identity): boolean {
  if (wanted.base.code !== found.base.code && wanted.base.coin !== found.base.coin) return false;
  const day = ({ expiry }: Identity) => (typeof expiry === 'number' ? Math.floor(expiry / 86_400_000) : null);
  const expiry = day(wanted) !== null && day(wanted) === day(found) ? wanted.expiry : found.expiry;
  return differences(wanted, { ...found, base: wanted.base, expiry }).length === 0;
}

function stripped({ instrument, coin, units }: Match): Match {
  return { instrument, coin, units };
}

function ambiguous(venue: string, name: string, found: readonly Instrument[]): SpeedError {
  const which = found.map(({ symbol, kind }) => `${symbol} (${kind})`).join(', ');
  return new SpeedError(
    'invalid-request',
    `${venue} calls several instruments "${name}": ${which}; say the kind, or the symbol`,
    {
      venue,
    },
  );
}

function unknownName(venue: string, name: string, names: VenueNames): SpeedError {
  const near = nearest(name, names.all);
  const hint = near === undefined ? `"speed symbols ${venue}" lists them` : `did you mean "${near}"?`;
  return new SpeedError('not-found', `${venue} has no instrument "${name}"; ${hint}`, { venue });
}
