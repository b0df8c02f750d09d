/** Bytes that end a run of plain characters in a string: the quote, the backslash, control characters. 1 = ends. */
export const stringClass = new Uint8Array(256).fill(1, 0, 32);
stringClass[34] = 1;
stringClass[92] = 1;

/** Largest magnitude of an `int`: in a table, so that a test can take the check out and see itself fail. */
export const limits = Float64Array.of(Number.MAX_SAFE_INTEGER);

/** 10^0 ... 10^22: the powers of ten that a float64 holds exactly. */
export const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** 10^n by the shift >> 3 that moves n leading digits of a word to its end, less 8: see `generate/digits.ts`. */
export const leadPowers = Int32Array.of(1000, 100, 10, 1);

/** Counters that the scanners share: typed, so that they are never boxed. */
export const counters = new Int32Array(2);
/** Next free slot of the levels array. */
export const LEVELS = 0;
/** Objects of this frame whose keys did not come as predicted. */
export const MISSES = 1;
