import type { Instrument } from '@speed-protocol/core';
import { decimalsOf } from '../format.js';

/** How one instrument's figures are written. */
export interface Units {
  readonly priceDigits: number;
  readonly sizeDigits: number;
  /** Unit of sizes: the base on spot and on linear contracts of one unit, else contracts with their worth. */
  readonly size: string;
  readonly price: string;
}

export function unitsOf(instrument: Instrument | undefined): Units {
  return {
    priceDigits: decimalsOf(instrument?.tickSize, 2),
    sizeDigits: decimalsOf(instrument?.lotSize, 3),
    size: sizeUnit(instrument),
    price: instrument?.quote ?? '',
  };
}

function sizeUnit(instrument: Instrument | undefined): string {
  if (!instrument) return '';
  const { base, quote, inverse, contractSize } = instrument;
  if (!inverse && Number(contractSize) === 1) return base;
  return `cont. (${contractSize} ${inverse ? quote : base})`;
}
