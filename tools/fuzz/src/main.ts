import type { ObjectNode } from '@speed-protocol/wire';
import { type FuzzRow, fuzzFrame } from '@speed-protocol/wire/fuzz';
import { DECODERS } from './decoders.js';
import { fuzzIds } from './ids.js';
import { type Options, parseOptions, USAGE } from './options.js';

/** Refused frames throw inside `JSON.parse`; nobody reads those traces. */
Error.stackTraceLimit = 0;

function main(argv: readonly string[]): number {
  if (argv.includes('--help')) return print(USAGE, 0);
  if (argv.includes('--list')) return print([...DECODERS.keys()].join('\n'), 0);
  let options: Options;
  try {
    options = parseOptions(argv);
  } catch (error) {
    return print(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
  return run(options);
}

function run({ decoders, frames, ids, seed }: Options): number {
  console.error(`seed ${seed}, ${decoders.length} decoders, ${frames} frames each, ${ids} long ids`);
  const rows = decoders.map((name) => {
    const onProgress = (row: FuzzRow) => process.stderr.write(`\r${name}: ${row.accepted + row.refused} of ${frames} `);
    return report(fuzzFrame(name, DECODERS.get(name) as ObjectNode, { frames, seed, onProgress }));
  });
  if (ids > 0) rows.push(report(fuzzIds(ids, seed)));
  const summary = rows.map(({ failures: _, ...row }) => ({ ...row, maxMs: Math.round(row.maxMs * 1000) / 1000 }));
  console.log(JSON.stringify({ bench: 'fuzz', seed, rows: summary }));
  return rows.some((row) => row.mismatches + row.crashes > 0) ? 1 : 0;
}

function report(row: FuzzRow): FuzzRow {
  const { decoder, accepted, refused, mismatches, crashes, maxMs } = row;
  console.error(
    `\r${decoder}: ${accepted} accepted, ${refused} refused, ${mismatches} mismatches, ${crashes} crashes, max ${maxMs.toFixed(1)} ms`,
  );
  for (const failure of row.failures) console.error(`  ${failure}`);
  return row;
}

function print(text: string, code: number): number {
  console[code === 0 ? 'log' : 'error'](text);
  return code;
}

process.exitCode = main(process.argv.slice(2));
