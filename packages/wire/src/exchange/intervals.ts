import { SpeedError } from '@speed-protocol/core';
import { turned } from './rows.js';

/** The names that a venue has for our candle intervals. */
export interface IntervalNames {
  /** @throws SpeedError `unsupported` listing what there is */
  toWire(interval: string, venue: string): string;
  /** What is unknown keeps the venue's name. */
  fromWire(name: string): string;
}

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440 };

/** Names of a venue that counts in minutes, e.g. `{ '1h': '60' }`. */
export function inMinutes(...intervals: readonly string[]): Readonly<Record<string, string>> {
  const named = intervals.map((interval) => [interval, String(Number.parseInt(interval, 10) * MINUTES[interval.at(-1)!]!)]);
  return Object.fromEntries(named);
}

/** Translates intervals both ways. @param names the venue's, by ours, e.g. `{ '1h': '60' }` */
export function intervalNames(names: Readonly<Record<string, string>>): IntervalNames {
  const ours = turned(names);
  return {
    toWire(interval, venue) {
      if (Object.hasOwn(names, interval)) return names[interval]!;
      const why = `${venue} has no candles of "${interval}"; it has ${Object.keys(names).join(', ')}`;
      throw new SpeedError('unsupported', why, { venue });
    },
    fromWire: (name) => (Object.hasOwn(ours, name) ? ours[name]! : name),
  };
}
