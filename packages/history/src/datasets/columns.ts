/**
 * Columns of a dataset. In the log every column is one float64 per row (text: its length, its bytes aside); in Parquet it
 * has the type that the kind says. `null` is NaN in the log and null in Parquet.
 *
 * | kind    | in memory             | Parquet                        |
 * |---------|-----------------------|--------------------------------|
 * | float   | number                | DOUBLE                         |
 * | integer | safe integer          | INT64                          |
 * | time    | ms                    | TIMESTAMP(ms, UTC)             |
 * | micros  | ms with a fraction    | TIMESTAMP(us, UTC)             |
 * | flag    | 0 or 1                | BOOLEAN                        |
 * | choice  | index into `values`   | STRING                         |
 * | text    | length in bytes       | STRING                         |
 * | constant| nothing: of the file  | STRING                         |
 */
export type Column =
  | { readonly name: string; readonly kind: 'float' | 'integer' | 'time' | 'micros' | 'flag' | 'text' }
  | { readonly name: string; readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly name: string; readonly kind: 'constant'; readonly of: 'venue' | 'symbol' };

export const float = (name: string): Column => ({ name, kind: 'float' });
export const integer = (name: string): Column => ({ name, kind: 'integer' });
export const time = (name: string): Column => ({ name, kind: 'time' });
export const micros = (name: string): Column => ({ name, kind: 'micros' });
export const flag = (name: string): Column => ({ name, kind: 'flag' });
export const text = (name: string): Column => ({ name, kind: 'text' });
export const choice = (name: string, values: readonly string[]): Column => ({ name, kind: 'choice', values });

/** Slots of every row in the log, before the dataset's own. */
export const SEQ = 0;
export const RECEIVED_AT = 1;
export const VENUE_TIME = 2;
export const RECOVERED = 3;
export const COMMON_SLOTS = 4;

/** `null` as the log keeps it. */
export const orNaN = (value: number | null): number => (value === null ? Number.NaN : value);
/** Inverse of {@link orNaN}. */
export const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
