import type { Levels } from '@speed-protocol/core';

/** The shortest decimal text of a number that reads back to it, never with an exponent; nothing for what is unknown. */
export function decimalText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '';
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-])(\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, first, rest = '', direction, exponent] = match;
  const digits = `${first}${rest}`;
  if (direction === '-') return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${digits}`;
  return `${sign}${digits.padEnd(Number(exponent) + 1, '0')}`;
}

export const levelTexts = (price: number, size: number): [string, string] => [decimalText(price), decimalText(size)];

/** Levels in the order in which they came. */
export function levelsText({ values, start, count }: Levels): [string, string][] {
  return Array.from({ length: count }, (_, i) => levelTexts(values[start + 2 * i]!, values[start + 2 * i + 1]!));
}
