import { levelsFromPairs, type NormalizedFrame, type Normalizer, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { normalizeLines } from './run.js';
import { Tally } from './tally.js';

const base = { venue: 'v', symbol: null, venueSymbol: 'S', venueTime: 1, receivedAt: 2 };
const levels = levelsFromPairs([[1, 2]]);
const depth: SpeedEvent = {
  ...base,
  type: 'depth',
  kind: 'delta',
  sequence: 1,
  prevSequence: 0,
  bids: levels,
  asks: levels,
};
const trade: SpeedEvent = { ...base, type: 'trade', id: '1', price: 1, size: 1, side: 'buy' };

/** A normalizer whose frames say what they are. */
const normalizer: Normalizer = {
  normalize({ raw }): NormalizedFrame {
    if (raw === 'bad') throw new SpeedError('protocol', 'field "E" is missing');
    if (raw === 'what') return { outcome: 'unknown', topic: 'btcusdt@what' };
    if (raw === 'ack') return { outcome: 'control' };
    return { outcome: 'events', events: raw === 'two' ? [depth, trade] : [trade] };
  },
};

const line = (raw: string) => JSON.stringify({ transport: 'ws', raw });

async function* batches(...lines: string[][]) {
  yield* lines;
}

async function run(lines: string[][], print = true) {
  const tally = new Tally();
  const out: string[] = [];
  const errors: string[] = [];
  const output = { write: async (text: string) => void out.push(text), error: (text: string) => errors.push(text) };
  await normalizeLines(batches(...lines), normalizer, tally, output, print);
  return { tally: JSON.parse(JSON.stringify(tally)), out: out.join(''), errors };
}

describe('normalizeLines', () => {
  it('prints one line per event, in order', async () => {
    const { out, errors } = await run([[line('two'), line('ack')], [line('one')]]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((text) => (JSON.parse(text) as SpeedEvent).type),
    ).toEqual(['depth', 'trade', 'trade']);
    expect(errors).toEqual([]);
  });

  it('reports bad lines with number and reason, counts empty lines, and goes on', async () => {
    const { out, errors, tally } = await run([
      ['', line('bad'), '{'],
      [line('one'), line('what'), line('what')],
    ]);
    expect(errors[0]).toBe('line 2: field "E" is missing');
    expect(errors[1]).toMatch(/^line 3: not JSON: /);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(tally).toEqual({
      lines: 6,
      errors: 2,
      events: 1,
      frames: { events: 1, private: 0, control: 0, outgoing: 0, instruments: 0, unknown: 2 },
      byType: { trade: 1 },
      unknownTopics: { 'btcusdt@what': 2 },
    });
  });

  it('prints nothing when only the counts are wanted', async () => {
    const { out, tally } = await run([[line('two')]], false);
    expect(out).toBe('');
    expect(tally.byType).toEqual({ depth: 1, trade: 1 });
  });

  it('reads no further while the receiver is not ready', async () => {
    let read = 0;
    async function* endless() {
      for (;;) yield Array.from({ length: 1000 }, () => line('two')).slice(0, ++read * 1000);
    }
    let release: (error: Error) => void = () => undefined;
    const blocked = new Promise<void>((_resolve, reject) => {
      release = reject;
    });
    const output = { write: () => blocked, error: () => undefined };
    const running = normalizeLines(endless(), normalizer, new Tally(), output, true);
    await new Promise(setImmediate);
    const readWhileBlocked = read;
    await new Promise(setImmediate);
    expect(read).toBe(readWhileBlocked);
    release(new Error('closed'));
    await expect(running).rejects.toThrow('closed');
  });
});
