import {
  type Decimal,
  decimalPlaces,
  fromScaled,
  type InstrumentKind,
  type InstrumentStatus,
  toScaled,
} from '@speed-protocol/core';
import { cell, limitOf, listingReader, type Row } from '@speed-protocol/wire';

const KINDS: Readonly<Record<string, InstrumentKind>> = {
  SPOT: 'spot',
  SWAP: 'perpetual',
  FUTURES: 'future',
  OPTION: 'option',
};

const STATUS: Readonly<Record<string, InstrumentStatus>> = { live: 'open', preopen: 'closed', test: 'closed', expired: 'closed' };

/** Contracts say it by their underlying, e.g. `BTC-USDT`. */
const currency = (at: 0 | 1, name: string) => (row: Row, kind: InstrumentKind) =>
  kind === 'spot' ? cell.textOrNull(name)(row) : (cell.textOrNull('uly')(row)?.split('-')[at] ?? null);

/** Instruments of listings. https://www.okx.com/docs-v5/en/#public-data-rest-api-get-instruments */
export const { instrumentFromWire, instrumentsFromWire } = listingReader({
  kind: cell.wordOrNull('instType', KINDS),
  venueSymbol: cell.textOrNull('instId'),
  base: currency(0, 'baseCcy'),
  quote: currency(1, 'quoteCcy'),
  status: cell.wordOrNull('state', STATUS),
  // One contract is worth that much: base units on linear contracts and options, quote units on inverse ones.
  contractSize: (row) => product(cell.exact('ctVal')(row), cell.exactOrNull('ctMult')(row) ?? ('1' as Decimal)),
  settle: cell.textOrNull('settleCcy'),
  inverse: ({ ctType }) => ctType === 'inverse',
  expiry: cell.time('expTime'),
  strike: cell.exact('stk'),
  optionType: ({ optType }) => (optType === 'C' ? 'call' : 'put'),
  limits: {
    tickSize: cell.textOrNull('tickSz'),
    lotSize: cell.textOrNull('lotSz'),
    minAmount: cell.textOrNull('minSz'),
    maxAmount: cell.textOrNull('maxLmtSz'),
  },
});

function product(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [decimalPlaces(a), decimalPlaces(b)];
  const exact = fromScaled(toScaled(a, x) * toScaled(b, y), x + y);
  return limitOf(exact) ?? exact;
}
