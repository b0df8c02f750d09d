import type { CommandOutcome, Instrument, SpeedError } from '@speed-protocol/core';
import type { Stamp } from '../calls/api-socket.js';
import { outcomeOf } from '../commands/outcome.js';
import { type ErrorTable, faultOf } from '../rest/faults.js';
import type { Command } from './doors.js';
import { isInstrument } from './sendable.js';
import type { Entry } from './trading-spec.js';

interface Named {
  readonly symbol: string;
}

/** An entry with its place among the outcomes, or the reason why it has no instrument. */
type Found<T> = Entry<T> | { readonly reason: SpeedError };

/** Sends one request that holds commands of these symbols, and says what became of each. */
export type SendBatch<S extends Stamp> = (command: Command<S>, symbols: readonly string[]) => Promise<readonly CommandOutcome[]>;

interface Requests<T, S extends Stamp> {
  /** Entries of one request at most. */
  readonly most: number;
  readonly groupOf?: ((entry: Entry<T>) => string) | undefined;
  make(entries: readonly Entry<T>[]): Command<S>;
  readonly send: SendBatch<S>;
}

/** The instruments of a batch. */
export async function entriesOf<T extends Named>(
  items: readonly T[],
  instrumentOf: (symbol: string) => Instrument | Promise<Instrument | SpeedError>,
): Promise<readonly Found<T>[]> {
  const found: Found<T>[] = [];
  for (const item of items) {
    const instrument = await instrumentOf(item.symbol);
    found.push(isInstrument(instrument) ? { item, instrument } : { reason: instrument });
  }
  return found;
}

/** One outcome per entry, in order; several requests, side by side, where one does not hold them all. */
export async function outcomesOf<T extends Named, S extends Stamp>(
  entries: readonly Found<T>[],
  { most, groupOf, make, send }: Requests<T, S>,
): Promise<readonly CommandOutcome[]> {
  const outcomes: CommandOutcome[] = new Array(entries.length);
  const groups = new Map<string, { readonly at: number; readonly entry: Entry<T> }[]>();
  for (const [at, entry] of entries.entries()) {
    if ('reason' in entry) outcomes[at] = { status: 'rejected', reason: entry.reason };
    else {
      const key = groupOf?.(entry) ?? '';
      groups.set(key, [...(groups.get(key) ?? []), { at, entry }]);
    }
  }
  const requests = [...groups.values()].flatMap((group) => chunksOf(group, most));
  await Promise.all(
    requests.map(async (request) => {
      const command = make(request.map(({ entry }) => entry));
      const found = await send(
        command,
        request.map(({ entry }) => entry.item.symbol),
      );
      for (const [i, { at }] of request.entries()) outcomes[at] = found[i]!;
    }),
  );
  return outcomes;
}

/** The refusal of one row of a batch; `undefined` when it is none. */
export function refusalIn(errors: ErrorTable, venue: string, fault: unknown): CommandOutcome | undefined {
  const answer = { status: 200, header: () => undefined, body: fault, now: 0 };
  const found = faultOf(errors, answer, venue, `${venue} batch`);
  return found && outcomeOf(found.error);
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
