let count = 0;

/**
 * Runs generated code with these names in scope. Each call compiles anew: engines keep code by its text, and code that they
 * share between two decoders treats neither's arrays as constants.
 */
export function instantiate<T>(source: string, scope: Readonly<Record<string, unknown>>): T {
  count++;
  return new Function(...Object.keys(scope), `'use strict'; ${source}\n// ${count}`)(...Object.values(scope)) as T;
}
