/** So many digits may be too long for a float64. */
const LONG = 16;
const INTEGER = /^-?\d+$/;
const NUMBER_CHARACTERS = /[-+.\deE]*/y;

/**
 * `JSON.parse` that keeps integers beyond +-(2^53-1) as strings, digit for digit: ids of 19 and more digits survive.
 * Fractions and exponents are numbers as ever.
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExact(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!hasLongDigits(text)) return value;
  const quoted = quoteLongIntegers(text);
  return quoted === text ? value : JSON.parse(quoted);
}

/** Looks at every 16th character: a run of 16 digits covers one. A search by pattern takes longer than the parsing. */
function hasLongDigits(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let [first, end] = [at, at + 1];
    while (isDigit(text.charCodeAt(first - 1))) first--;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end - first >= LONG) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Puts quotes around the integers that a float64 cannot hold. The text is known to be JSON. */
function quoteLongIntegers(text: string): string {
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 34) at = stringEnd(text, at);
    else if (code === 45 || (code >= 48 && code <= 57)) {
      const end = numberEnd(text, at);
      const digits = text.slice(at, end);
      if (digits.length > 15 && INTEGER.test(digits) && !Number.isSafeInteger(Number(digits))) {
        out += `${text.slice(copied, at)}"${digits}"`;
        copied = end;
      }
      at = end;
    } else at++;
  }
  return out + text.slice(copied);
}

/** Index after the string that starts at `start`. The text is known to be JSON. */
export function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

/** Index after the number that starts at `start`. The text is known to be JSON. */
export function numberEnd(text: string, start: number): number {
  NUMBER_CHARACTERS.lastIndex = start;
  NUMBER_CHARACTERS.test(text);
  return NUMBER_CHARACTERS.lastIndex;
}
