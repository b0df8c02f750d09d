import { parseArgs } from 'node:util';
import { nearest, SpeedError } from '@speed-protocol/core';
import { DECODERS } from './decoders.js';

export interface Options {
  readonly decoders: readonly string[];
  /** Frames per decoder. */
  readonly frames: number;
  /** Trades with 21-digit ids. */
  readonly ids: number;
  readonly seed: number;
}

export const USAGE = `usage: npm run fuzz -- [--decoder NAME|all] [--frames N] [--ids N] [--seed N]

  --decoder  one declaration, or all of them (default)
  --frames   mutated frames per declaration (default 10000000)
  --ids      trades with 21-digit ids (default 1000000)
  --seed     the same seed gives the same frames (default: the clock; printed)
  --list     print the names of the declarations`;

/** @throws SpeedError `config` naming the wrong option and the nearest right one */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      decoder: { type: 'string', default: 'all' },
      frames: { type: 'string', default: '10000000' },
      ids: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Date.now() & 0x7fffffff) },
    },
  });
  return {
    decoders: values.decoder === 'all' ? [...DECODERS.keys()] : [known(values.decoder)],
    frames: count('frames', values.frames),
    ids: count('ids', values.ids),
    seed: count('seed', values.seed),
  };
}

function known(name: string): string {
  if (DECODERS.has(name)) return name;
  const hint = nearest(name, DECODERS.keys()) ?? 'all';
  throw new SpeedError('config', `no declaration "${name}"; did you mean "${hint}"? --list prints them`);
}

function count(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new SpeedError('config', `--${option} must be a whole number, not "${text}"`);
}
