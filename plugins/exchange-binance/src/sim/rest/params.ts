import { type Decimal, decimal } from '@speed-protocol/core';
import { say, type VenueError } from '../venue-error.js';

const DIGITS = /^\d{1,20}$/;
const AMOUNT = /^\d{1,20}(\.\d{1,20})?$/;
/** Symbols are capitals, digits and what unicode listings bring; no spaces, no quotes. */
const SYMBOL = /^[\p{Lu}\p{Lo}\d_.-]{1,40}$/u;

/** The parameters of one request, read and refused as the venue does. */
export class Params {
  readonly #query: URLSearchParams;

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  /** Of a JSON object: order sockets and batches send parameters so. What is neither text nor number is JSON. */
  static of(fields: Readonly<Record<string, unknown>>): Params {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined) continue;
      query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    return new Params(query);
  }

  get entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.#query];
  }

  has(name: string): boolean {
    return this.#query.has(name);
  }

  /** @throws VenueError -1102 when it is missing or empty */
  required(name: string): string {
    const text = this.#query.get(name);
    if (!text) throw say.missing(name);
    return text;
  }

  optional(name: string): string | undefined {
    return this.#query.get(name) ?? undefined;
  }

  /** The first of several spellings of one name. */
  optionalOf(names: readonly string[]): string | undefined {
    return names.map((name) => this.optional(name)).find((text) => text !== undefined);
  }

  /** Only these parameters, under other names. */
  renamed(names: Readonly<Record<string, string>>): Params {
    return Params.of(Object.fromEntries(Object.entries(names).map(([from, to]) => [to, this.optional(from)])));
  }

  /** One of a few words; `undefined` when absent. @throws VenueError as `refuse` says when it is another */
  word<T extends string>(name: string, words: readonly T[], refuse: () => VenueError): T | undefined {
    const text = this.#query.get(name);
    if (text === null) return undefined;
    const word = words.find((each) => each === text);
    if (word === undefined) throw refuse();
    return word;
  }

  /** `true` or `false`, in any case; false when absent. @throws VenueError -1130 */
  flag(name: string): boolean {
    const text = this.#query.get(name)?.toLowerCase();
    if (text === undefined || text === 'false') return false;
    if (text === 'true') return true;
    throw say.invalid(name);
  }

  /** Decimal text without sign or exponent; `undefined` when absent. @throws VenueError -1102 when empty, -1100 */
  decimal(name: string): Decimal | undefined {
    const text = this.#query.get(name);
    if (text === null) return undefined;
    if (text === '') throw say.missing(name);
    if (!AMOUNT.test(text)) throw say.illegal(name, '^([0-9]{1,20})(\\.[0-9]{1,20})?$');
    return decimal(text);
  }

  /** @throws VenueError -1102 when missing, -1100 on illegal characters */
  symbol(name = 'symbol'): string {
    return checkSymbol(name, this.required(name));
  }

  optionalSymbol(name = 'symbol'): string | undefined {
    const text = this.#query.get(name);
    if (text === null) return undefined;
    if (text === '') throw say.missing(name);
    return checkSymbol(name, text);
  }

  /** `["A","B"]`, or `undefined`. */
  symbolList(name = 'symbols'): readonly string[] | undefined {
    const text = this.#query.get(name);
    if (text === null) return undefined;
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list) && list.every((item) => typeof item === 'string'))
        return list.map((item) => checkSymbol(name, item));
    } catch {
      // Falls through to the venue's words.
    }
    throw say.illegal(name, '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$');
  }

  /** A whole number. @throws VenueError -1100 when it is none, -1130 outside the bounds */
  integer(name: string, bounds: { readonly min?: number; readonly max?: number } = {}): number | undefined {
    const text = this.#query.get(name);
    if (text === null || text === '') return undefined;
    if (!DIGITS.test(text)) throw say.illegal(name, '^[0-9]{1,20}$');
    const value = Number(text);
    if (value < (bounds.min ?? 0)) throw say.invalid(name);
    return Math.min(value, bounds.max ?? Number.MAX_SAFE_INTEGER);
  }
}

function checkSymbol(name: string, text: string): string {
  if (!SYMBOL.test(text)) throw say.illegal(name, '^[A-Z0-9-_.]{1,20}$');
  return text;
}
