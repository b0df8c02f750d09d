/*
 * Source of the digit arithmetic, written out where it is used: a call per number costs as much as the number.
 *
 * Digits are read four at a time. In a little-endian word, `x = word ^ 0x30303030` turns digits into their values; `stops`
 * then has the high bit set of every byte that is not one (up to the first of these; nobody looks beyond it). The shift
 * is 24, 16, 8 or 0 when 0, 1, 2 or 3 digits lead, 32 when all are digits: it moves the leading ones to the end of the word,
 * so that any number of them takes the same steps without a branch.
 *
 * The generated functions declare `let x = 0, t = 0, stops = 0, shift = 0, whole = 0, part = 0, q = 0, from = 0`.
 */

/** Variables that the sources below use. */
export const DIGIT_VARIABLES = 'let x = 0, y = 0, z = 0, t = 0, q = 0, from = 0, stops = 0, shift = 0, whole = 0, part = 0;';

const read = (at: string) => `D.getInt32(${at}, true) ^ 0x30303030`;
const stopBits = (x: string) => `((${x} + 0x76767676) | ${x}) & 0x80808080`;
/** Value of the four digits in a word, first digit in the lowest byte. */
const four = (x: string) => `(t = (Math.imul(${x}, 10) + (${x} >>> 8)) & 0x00ff00ff, (Math.imul(t, 100) + (t >>> 16)) & 0xffff)`;

/** Reads a word at `q`: its stops, and the shift of its leading digits. */
const word = `x = ${read('q')}; stops = ${stopBits('x')};`;
/** Appends the digits that lead the word to `name`, and moves `q` behind them. */
const appendLead = (name: string) => `
  shift = Math.clz32(stops & -stops); x = x << shift << 8;
  ${name} = (Math.imul(${name}, LEAD[shift >> 3]) + ${four('x')}) | 0; q += 3 - (shift >> 3);`;

/** Fraction of at most 8 digits behind the point at `q`. `more` is code for what follows eight. */
const fraction = (accept: (value: string) => string, refuse: string, more: string) => `
    from = ++q; part = 0; ${word}
    if (stops === 0) { part = ${four('x')}; q += 4; ${word} }
    if (stops === 0) { part = Math.imul(part, 10000) + ${four('x')}; q += 4; ${more} } else { ${appendLead('part')} }
    if (q === from) ${refuse}
    ${accept('(whole * POWERS[q - from] + part) / POWERS[q - from]')}`;

/**
 * Scans a decimal of at most 7 digits before and 8 after the point at `q`, and moves `q` behind it.
 * @param accept code that takes the float64 in `value`; runs when there was one
 * @param refuse code for everything else; leaves the block
 */
export function decimal(accept: (value: string) => string, refuse: string): string {
  return `
  from = q; whole = 0; ${word}
  if (stops === 0) { whole = ${four('x')}; q += 4; ${word} if (stops === 0) ${refuse} }
  ${appendLead('whole')}
  if (q === from) ${refuse}
  if (B[q] === 46) { ${fraction(accept, refuse, '')} } else { ${accept('whole')} }`;
}

/**
 * As {@link decimal}, with up to 11 digits after the point, or an integer of up to 11: markets of cheap coins have such prices and
 * sizes. Of decimals with more than 8 after the point only those whose digits stay below 2^53, so that one division rounds right.
 * Apart, because code that does more is slower for the numbers that nearly all are.
 */
export function wideDecimal(accept: (value: string) => string, refuse: string): string {
  const label = `wide${labels++}`;
  const long = `if (B[q] >= 48 && B[q] <= 57) {
      ${word}
      if (stops === 0 || whole > 90000) ${refuse}
      from = q; y = 0;
      ${appendLead('y')}
      ${accept('((whole * 1e8 + part) * POWERS[q - from] + y) / POWERS[q - from + 8]')}
      break ${label};
    }`;
  return `${label}: {
  from = q; whole = 0; ${word}
  if (stops === 0) { whole = ${four('x')}; q += 4; ${word} }
  if (stops === 0) {
    whole = (Math.imul(whole, 10000) + ${four('x')}) | 0; q += 4; ${word}
    if (stops === 0) ${refuse}
    from = q; y = 0;
    ${appendLead('y')}
    if (B[q] === 46) ${refuse}
    ${accept('whole * POWERS[q - from] + y')}
    break ${label};
  }
  ${appendLead('whole')}
  if (q === from) ${refuse}
  if (B[q] === 46) { ${fraction(accept, refuse, long)} } else { ${accept('whole')} }
  }`;
}

let labels = 0;

/**
 * Scans a plain integer of 8 to 15 digits at `p`, as times in ms and sequence numbers are, and moves `p` behind it.
 * @param otherwise code for everything else; leaves the block
 */
export function longInteger(accept: (value: string) => string, otherwise: string): string {
  return `
  x = ${read('p')}; y = ${read('p + 4')};
  if (((${stopBits('x')}) | (${stopBits('y')})) !== 0 || (x & 255) === 0) ${otherwise}
  whole = (Math.imul(${four('x')}, 10000) + ${four('y')}) | 0; part = 0; q = p + 8; ${word}
  if (stops === 0) { part = ${four('x')}; q += 4; ${word} if (stops === 0) ${otherwise} }
  ${appendLead('part')}
  ${accept('whole * POWERS[q - p - 8] + part')}
  p = q;`;
}
