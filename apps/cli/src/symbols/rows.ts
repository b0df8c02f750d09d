import { describeUnits, type Match, type Refusal } from '@speed-protocol/host';
import { table } from '../console.js';

const HEADER = ['VENUE', 'SYMBOL', 'ID', 'KIND', 'STATUS', 'UNIT', 'SETTLE', 'TYPE', 'CONTRACT', 'TICK', 'MIN'];

/** Instruments of several venues, side by side. */
export function matchTable(matches: readonly Match[]): string {
  return table(HEADER, matches.map(cells));
}

/** What looks the same and is not, with the reason; no text when there is none. */
export function refusalTable(refused: readonly Refusal[]): string {
  if (refused.length === 0) return '';
  const rows = refused.map(({ instrument: { venue, symbol, venueSymbol }, coin, units, reason }) => {
    return [venue, symbol, venueSymbol, describeUnits({ coin, units }), reason];
  });
  return `\nNot the same:\n${table(['VENUE', 'SYMBOL', 'ID', 'UNIT', 'WHY'], rows)}`;
}

function cells({ instrument, coin, units }: Match): string[] {
  const { venue, symbol, venueSymbol, kind, status, settle, inverse, contractSize, tickSize, minAmount, minNotional } =
    instrument;
  const type = inverse === undefined ? '-' : inverse ? 'inverse' : 'linear';
  const least = [minAmount, minNotional === undefined ? undefined : `${minNotional} ${instrument.quote}`]
    .filter(Boolean)
    .join(', ');
  const contract = kind === 'spot' ? '-' : `${contractSize} ${inverse ? instrument.quote : instrument.base}`;
  const unit = describeUnits({ coin, units });
  return [venue, symbol, venueSymbol, kind, status, unit, settle ?? '-', type, contract, tickSize, least || '-'];
}

/** The same for scripts: everything of the instrument, and what one unit of its base is. */
export function matchJson({ instrument, coin, units }: Match): object {
  return { ...instrument, coin, units };
}

export function refusalJson({ reason, ...match }: Refusal): object {
  return { ...matchJson(match), reason };
}
