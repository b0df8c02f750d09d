import { combined, SHAPES } from '@speed-protocol/exchange-binance/frames';
import { compile } from '@speed-protocol/wire';
import type { FuzzRow } from '@speed-protocol/wire/fuzz';
import { Random } from '@speed-protocol/wire/fuzz';

const DIGITS = 21;

/** Trades whose ids have 21 digits, as numbers and as strings: each id must come out digit for digit. */
export function fuzzIds(frames: number, seed: number): FuzzRow {
  const row: FuzzRow = { decoder: 'ids21', frames, accepted: 0, refused: 0, mismatches: 0, crashes: 0, maxMs: 0, failures: [] };
  const decoder = compile(combined(SHAPES.trade));
  const random = new Random(seed);
  for (let i = 0; i < frames; i++) {
    const id = `${1 + random.below(9)}${random.digits(DIGITS - 1)}`;
    const frame = trade(random.oneIn(2) ? id : `"${id}"`, i);
    const start = performance.now();
    const accepted = decoder.decode(frame);
    row.maxMs = Math.max(row.maxMs, performance.now() - start);
    if (accepted) row.accepted++;
    else row.refused++;
    if (accepted && decoder.fields.data.t === id && decoder.fields.data.T === i) continue;
    row.mismatches++;
    if (row.failures.length < 5) row.failures.push(`expected ${id}, found ${decoder.fields.data.t}`);
  }
  return row;
}

function trade(id: string, time: number): Buffer {
  return Buffer.from(
    `{"stream":"btcusdt@trade","data":{"e":"trade","E":${time},"s":"BTCUSDT","t":${id},"p":"61837.63","q":"0.02","T":${time},"m":true}}`,
  );
}
