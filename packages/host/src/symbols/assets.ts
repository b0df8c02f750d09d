import { SpeedError } from '@speed-protocol/core';
import { type CoinUnits, readCode } from './units.js';

/** Coins by venue and code, as the configuration's `assets` writes them: `VAIOT`, or `1000 PEPE`. */
export type AssetNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One currency code of one venue, understood. */
export interface Asset extends CoinUnits {
  readonly code: string;
  /** Where the reading comes from when it is not the code alone, for people. */
  readonly source?: string;
}

/** A ticker that means another coin on these venues than elsewhere; the coin under the name that ccxt gives it. */
interface Clash {
  readonly venues: readonly string[];
  readonly code: string;
  readonly coin: string;
}

const KUCOIN = ['kucoin', 'kucoinfutures'];

/**
 * Known clashes of tickers, from ccxt's lists of currencies by exchange (`commonCurrencies`, MIT, 4.5.84; bitmart: 4.5.70).
 * They are knowledge, not behaviour: a venue that is not here works the same, and `assets` of the configuration adds rows.
 */
const CLASHES: readonly Clash[] = [
  { venues: ['binance'], code: 'YOYO', coin: 'YOYOW' },
  { venues: ['okx'], code: 'AE', coin: 'AET' },
  { venues: KUCOIN, code: 'ALT', coin: 'APTOSLAUNCHTOKEN' },
  { venues: KUCOIN, code: 'BIFI', coin: 'BIFIF' },
  { venues: KUCOIN, code: 'FUD', coin: "FTX Users' Debt" },
  { venues: KUCOIN, code: 'KALT', coin: 'ALT' },
  { venues: KUCOIN, code: 'VAI', coin: 'VAIOT' },
  { venues: KUCOIN, code: 'WAX', coin: 'WAXP' },
  { venues: ['bitmart'], code: 'BP', coin: 'BEYOND' },
  { venues: ['bitmart'], code: 'GDT', coin: 'Gorilla Diamond' },
  { venues: ['bitmart'], code: 'GLD', coin: 'Goldario' },
  { venues: ['bitmart'], code: 'MVP', coin: 'MVP Coin' },
  { venues: ['bitmart'], code: 'TRU', coin: 'Truebit' },
];

/** What the codes of venues stand for: the configuration first, then known clashes, then the code itself. */
export class AssetBook {
  readonly #named = new Map<string, Asset>();

  /** @throws SpeedError `config` naming an entry of `assets` that is neither a coin nor a count and a coin */
  constructor(names: AssetNames = {}) {
    const source = 'ccxt lists the clash';
    for (const { venues, code, coin } of CLASHES)
      for (const venue of venues) this.#named.set(`${venue} ${code}`, { code, coin, units: 1, source });
    for (const [venue, codes] of Object.entries(names))
      for (const [code, text] of Object.entries(codes)) this.#named.set(`${venue} ${code}`, configured(venue, code, text));
  }

  /** @param venueSymbol the venue's id of an instrument that has the code: one that does not begin with it was renamed by its plugin */
  read(venue: string, code: string, venueSymbol?: string): Asset {
    const named = this.#named.get(`${venue} ${code}`);
    if (named && (venueSymbol === undefined || isOwnCode(code, venueSymbol))) return named;
    return { code, ...readCode(code) };
  }
}

/** `KALT-USDT` that a plugin already calls ALT is no ALT of the venue's. */
function isOwnCode(code: string, venueSymbol: string): boolean {
  return venueSymbol.toUpperCase().startsWith(code.toUpperCase());
}

const CONFIGURED = /^(?:(?<units>10*) )?(?<coin>\S.*)$/;

function configured(venue: string, code: string, text: string): Asset {
  const found = CONFIGURED.exec(text)?.groups;
  if (!found) {
    throw new SpeedError('config', `assets.${venue}.${code} is "${text}"; write a coin, or a count and a coin: "1000 PEPE"`);
  }
  return { code, coin: found['coin']!, units: Number(found['units'] ?? 1), source: 'your configuration says so' };
}
