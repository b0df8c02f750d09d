import { type Instrument, type InstrumentKind, type SymbolParts, tryParseSymbol } from '@speed-protocol/core';
import type { Asset, AssetBook } from './assets.js';
import { describeUnits } from './units.js';

/** What is traded, whatever it is called: two instruments are the same only if all of this is. */
export interface Identity {
  readonly kind: InstrumentKind;
  readonly base: Asset;
  readonly quote: Asset;
  readonly settle: Asset | null;
  readonly inverse: boolean | null;
  /** ms since epoch of an instrument, `YYMMDD` of a symbol alone. */
  readonly expiry: number | string | null;
  readonly strike: number | null;
  readonly optionType: 'call' | 'put' | null;
}

export function identityOf(instrument: Instrument, assets: AssetBook): Identity {
  const { venue, kind, base, quote, settle, venueSymbol, inverse, expiry, strike, optionType } = instrument;
  return {
    kind,
    base: assets.read(venue, base, venueSymbol),
    quote: assets.read(venue, quote),
    settle: settle === undefined ? null : assets.read(venue, settle),
    inverse: inverse ?? null,
    expiry: expiry ?? null,
    strike: strike === undefined ? null : Number(strike),
    optionType: optionType ?? null,
  };
}

/** What a unified symbol says by itself; `undefined` when the text is none. `venue`: whose reading of the codes. */
export function identityOfSymbol(symbol: string, assets: AssetBook, venue = ''): Identity | undefined {
  const parts = tryParseSymbol(symbol);
  if (!parts) return undefined;
  const { base, quote, settle, expiry, strike, optionType } = parts;
  return {
    kind: kindOf(parts),
    base: assets.read(venue, base),
    quote: assets.read(venue, quote),
    settle: settle === undefined ? null : assets.read(venue, settle),
    inverse: settle === undefined ? null : settle === base,
    expiry: expiry ?? null,
    strike: strike === undefined ? null : Number(strike),
    optionType: optionType === undefined ? null : optionType === 'C' ? 'call' : 'put',
  };
}

function kindOf({ settle, expiry, strike }: SymbolParts): InstrumentKind {
  if (settle === undefined) return 'spot';
  if (expiry === undefined) return 'perpetual';
  return strike === undefined ? 'future' : 'option';
}

/** Why an instrument is not what was asked for; empty when it is. */
export function differences(wanted: Identity, found: Identity): readonly string[] {
  return RULES.flatMap((rule) => rule(wanted, found) ?? []);
}

type Rule = (wanted: Identity, found: Identity) => string | undefined;

const RULES: readonly Rule[] = [
  (wanted, found) => (wanted.kind === found.kind ? undefined : `it is a ${found.kind}, not a ${wanted.kind}`),
  (wanted, found) => baseDiffers(wanted.base, found.base),
  (wanted, found) => (isSame(wanted.quote, found.quote) ? undefined : `it is quoted in ${describeUnits(found.quote)}`),
  (wanted, found) => (isSame(wanted.settle, found.settle) ? undefined : `it settles in ${found.settle?.coin ?? 'nothing'}`),
  // Options in the base coin are neither: venues and symbols say it differently.
  ({ inverse, kind }, found) =>
    kind === 'option' || inverse === found.inverse ? undefined : `it is ${found.inverse ? 'inverse' : 'linear'}`,
  (wanted, found) => expiryDiffers(wanted.expiry, found.expiry),
  (wanted, found) => (wanted.strike === found.strike ? undefined : `its strike is ${found.strike}`),
  (wanted, found) => (wanted.optionType === found.optionType ? undefined : `it is a ${found.optionType}`),
];

function isSame(a: Asset | null, b: Asset | null): boolean {
  return a?.coin === b?.coin && a?.units === b?.units;
}

function baseDiffers(wanted: Asset, found: Asset): string | undefined {
  if (wanted.coin !== found.coin) {
    return `its ${found.code} is ${found.coin}, another coin than ${wanted.coin}${found.source ? ` (${found.source})` : ''}`;
  }
  if (wanted.units === found.units) return undefined;
  const factor = found.units / wanted.units;
  const more = factor > 1 ? `${factor} times as high, amounts ${factor} times as small` : '';
  const less = factor < 1 ? `${1 / factor} times as small, amounts ${1 / factor} times as high` : '';
  return `it counts in ${describeUnits(found)}, not in ${describeUnits(wanted)}: prices are ${more}${less}`;
}

/** Text is a day, a number an instant: what is known of both is compared. */
function expiryDiffers(wanted: Identity['expiry'], found: Identity['expiry']): string | undefined {
  if (wanted === found) return undefined;
  const [a, b] = typeof wanted === 'string' || typeof found === 'string' ? [dayOf(wanted), dayOf(found)] : [wanted, found];
  return a === b ? undefined : `it expires ${typeof found === 'number' ? `at ${new Date(found).toISOString()}` : found}`;
}

function dayOf(expiry: Identity['expiry']): string | null {
  return typeof expiry === 'number' ? new Date(expiry).toISOString().slice(2, 10).replaceAll('-', '') : expiry;
}
