import type { Levels, SpeedEvent } from '@speed-protocol/core';
import { COMMON_SLOTS, orNull, RECEIVED_AT, RECOVERED, VENUE_TIME } from '../datasets/columns.js';
import type { Dataset, RowReader } from '../datasets/dataset.js';
import type { Block } from '../datasets/stream.js';
import { type BookSnapshot, connectorReason, DATASETS, type GapRow } from '../datasets/table.js';

const decoder = new TextDecoder();

/** Walks the rows of a block in order and gives back what was pushed. */
export class BlockCursor implements RowReader {
  readonly block: Block;
  readonly #dataset: Dataset<unknown>;
  readonly #slotOf = new Map<string, number>();
  readonly #texts: readonly string[];
  readonly #width: number;
  row = -1;
  #at: number;
  #levelAt = 0;
  #textAt = 0;
  #text = new Map<string, string | null>();

  constructor(block: Block) {
    this.block = block;
    this.#dataset = DATASETS[block.stream.dataset] as Dataset<unknown>;
    this.#width = block.slots.length / Math.max(1, block.rows);
    this.#at = -this.#width;
    for (const [i, { name }] of this.#dataset.columns.entries()) this.#slotOf.set(name, COMMON_SLOTS + i);
    this.#texts = this.#dataset.columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  }

  /** Steps to the next row; false behind the last one. */
  next(): boolean {
    if (this.row >= 0) this.#levelAt += 2 * (this.#count(0) + this.#count(1));
    if (++this.row >= this.block.rows) return false;
    this.#at += this.#width;
    for (const name of this.#texts) this.#text.set(name, this.#readText(this.number(name)));
    return true;
  }

  slot(index: number): number {
    return this.block.slots[this.#at + index]!;
  }

  number(column: string): number {
    return this.slot(this.#slotOf.get(column)!);
  }

  optional(column: string): number | null {
    return orNull(this.number(column));
  }

  flag(column: string): boolean {
    return this.number(column) === 1;
  }

  text(name: string): string | null {
    const column = this.#dataset.columns[this.#slotOf.get(name)! - COMMON_SLOTS]!;
    if (column.kind !== 'choice') return this.#text.get(name) ?? null;
    return column.values[this.number(name)] ?? null;
  }

  bids(): Levels {
    return { values: this.block.levels, start: this.#levelAt, count: this.#count(0) };
  }

  asks(): Levels {
    return { values: this.block.levels, start: this.#levelAt + 2 * this.#count(0), count: this.#count(1) };
  }

  /** The record that was pushed, without what all rows share. */
  record(): unknown {
    return this.#dataset.read(this);
  }

  /** The event that was pushed; `undefined` for periodic books, which are no events. */
  event(): SpeedEvent | undefined {
    const { dataset } = this.block.stream;
    if (dataset === 'orderbooks') return undefined;
    if (dataset === 'gaps') return gapEvent(this.#head(), this.record() as GapRow);
    return { type: this.#dataset.feed, ...this.#head(), ...(this.record() as object) } as SpeedEvent;
  }

  book(): BookSnapshot {
    return this.record() as BookSnapshot;
  }

  #head() {
    const { venue, symbol, venueSymbol } = this.block.stream;
    return {
      venue,
      symbol,
      venueSymbol,
      venueTime: orNull(this.slot(VENUE_TIME)),
      receivedAt: this.slot(RECEIVED_AT),
      ...(this.slot(RECOVERED) === 1 && { recovered: true }),
    };
  }

  #count(side: 0 | 1): number {
    return this.#dataset.levels === 'none' ? 0 : this.slot(this.#width - 2 + side);
  }

  #readText(length: number): string | null {
    if (length < 0) return null;
    const text = decoder.decode(this.block.text.subarray(this.#textAt, this.#textAt + length));
    this.#textAt += length;
    return text;
  }
}

function gapEvent(head: object, { dataset, reason }: GapRow): SpeedEvent | undefined {
  const { feed } = DATASETS[dataset];
  return feed === undefined ? undefined : ({ type: 'gap', ...head, feed, reason: connectorReason(reason) } as SpeedEvent);
}
