/** What a code stands for: how many of which coin. `1000PEPE` is 1000 PEPE. */
export interface CoinUnits {
  readonly coin: string;
  /** A power of ten. */
  readonly units: number;
}

/**
 * How venues write that one unit of theirs is many coins, because the price of one would need too many digits. What is
 * left of the code must be long enough to be a ticker of its own: `1000X`, `1INCH` and `1MIL` are coins.
 */
const WRITTEN: readonly (readonly [code: RegExp, units: (count: string) => number])[] = [
  [/^(?<count>10{3,})(?<coin>[A-Z][A-Z0-9]+)$/, Number],
  [/^(?<count>1M)(?<coin>[A-Z][A-Z0-9]{2,})$/, () => 1e6],
  [/^(?<count>k)(?<coin>[A-Z][A-Z0-9]{2,})$/, () => 1e3],
  [/^(?<coin>[A-Z][A-Z0-9]*[A-Z])(?<count>10{3,})$/, Number],
];

/** Other tickers of the same coin, one for one, wherever they are used. */
const ALIASES: Readonly<Record<string, string>> = { XBT: 'BTC', BCHSV: 'BSV', XDG: 'DOGE' };

/** Coin and count that a currency code says by itself. */
export function readCode(code: string): CoinUnits {
  for (const [pattern, units] of WRITTEN) {
    const found = pattern.exec(code)?.groups;
    if (found) return { coin: unaliased(found['coin']!), units: units(found['count']!) };
  }
  return { coin: unaliased(code), units: 1 };
}

function unaliased(code: string): string {
  return Object.hasOwn(ALIASES, code) ? ALIASES[code]! : code;
}

/** `1000 PEPE`, or the coin alone. */
export function describeUnits({ coin, units }: CoinUnits): string {
  return units === 1 ? coin : `${units} ${coin}`;
}
