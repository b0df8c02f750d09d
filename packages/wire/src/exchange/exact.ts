import { type Decimal, decimal, decimalPlaces, fromScaled, SpeedError, toScaled } from '@speed-protocol/core';

type Text = string | undefined | null;

/**
 * Text that must be an exact number.
 * @throws SpeedError `protocol` naming the field
 */
export function exactOf(text: Text, field: string): Decimal {
  try {
    return decimal(String(text));
  } catch (cause) {
    throw new SpeedError('protocol', `field "${field}" must be a decimal number and is ${JSON.stringify(text)}`, { cause });
  }
}

/** `null` where there is none: "" is how many venues say so. @throws SpeedError as {@link exactOf} */
export function exactOrNull(text: Text, field: string): Decimal | null {
  return text === undefined || text === null || text === '' ? null : exactOf(text, field);
}

/** As {@link exactOrNull}, where 0 says that there is none, too. */
export function exactUnlessZero(text: Text, field: string): Decimal | null {
  return Number(text) === 0 ? null : exactOrNull(text, field);
}

/** For venues whose fees are negative when they are paid. */
export function negated(value: Decimal): Decimal {
  if (value.startsWith('-')) return value.slice(1) as Decimal;
  return Number(value) === 0 ? value : (`-${value}` as Decimal);
}

export function sumOf(...parts: readonly Decimal[]): Decimal {
  const scale = Math.max(...parts.map(decimalPlaces));
  const sum = parts.reduce((total, part) => total + toScaled(part, scale), 0n);
  return fromScaled(sum, scale);
}

/** Places after the point of an average: far below what any venue's fee or tick is made of. */
const AVERAGE_PLACES = 12;

/** `cost / amount`, cut off after 12 places; `null` when nothing is filled. */
export function averageOf(cost: Decimal, amount: Decimal): Decimal | null {
  const scale = Math.max(decimalPlaces(cost), decimalPlaces(amount));
  const units = toScaled(amount, scale);
  if (units === 0n) return null;
  const average = fromScaled((toScaled(cost, scale) * 10n ** BigInt(AVERAGE_PLACES)) / units, AVERAGE_PLACES);
  return average.replace(/\.?0+$/, '') as Decimal;
}
