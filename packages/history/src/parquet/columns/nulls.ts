import { enlarged } from './column.js';

/** Takes the nulls out of a column: what is there, and where. */
export class Nulls {
  #values = new Float64Array(0);
  #levels = new Uint8Array(0);

  /** @returns the values that are no NaN, and the definition level of every row; the arrays are used again */
  split(values: Float64Array, count: number): { readonly values: Float64Array; readonly levels: Uint8Array } {
    this.#values = enlarged(this.#values, count);
    this.#levels = enlarged(this.#levels, count);
    let present = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      const isNull = Number.isNaN(value);
      this.#levels[i] = isNull ? 0 : 1;
      if (!isNull) this.#values[present++] = value;
    }
    return { values: this.#values.subarray(0, present), levels: this.#levels };
  }
}
