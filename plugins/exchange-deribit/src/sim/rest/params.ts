import { decimalText } from '../text.js';
import { say } from '../venue-error.js';

/** The parameters of one call, read and refused as the venue does; from a query they are texts, else JSON values. */
export class Params {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  static ofQuery(query: URLSearchParams): Params {
    return new Params(Object.fromEntries(query));
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    return String(value);
  }

  /** @throws VenueError -32602 */
  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw say.missing(name);
    return text;
  }

  /** One of these words. @throws VenueError -32602 */
  word<W extends string>(name: string, words: readonly W[], byDefault?: W): W {
    const text = this.text(name) ?? byDefault;
    if (text === undefined) throw say.missing(name);
    if (!(words as readonly string[]).includes(text)) throw say.wrong(name, `must be one of ${words.join(', ')}`);
    return text as W;
  }

  /** A whole number. @throws VenueError -32602 when it is none */
  integer(name: string, byDefault: number, max = Number.MAX_SAFE_INTEGER): number {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    if (!/^-?\d{1,16}$/.test(text)) throw say.wrong(name);
    return Math.min(max, Number(text));
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text !== undefined && text !== 'true' && text !== 'false') throw say.wrong(name);
    return text === 'true';
  }

  /** A positive decimal, as text in plain notation; `undefined` when absent. @throws VenueError -32602 */
  decimal(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    const text = typeof value === 'number' || typeof value === 'string' ? decimalText(value) : '';
    if (!/^\d{1,20}(\.\d{1,20})?$/.test(text)) throw say.wrong(name, 'must be a number');
    return text;
  }

  /** A list of texts; queries write it as JSON. @throws VenueError -32602 */
  list(name: string): readonly string[] {
    const value = this.values[name];
    const list: unknown = typeof value === 'string' ? parseList(value) : value;
    if (!Array.isArray(list) || list.some((each) => typeof each !== 'string')) throw say.wrong(name, 'must be a list');
    return list as readonly string[];
  }
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
