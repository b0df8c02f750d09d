import type { DecodeReport, DecodeRow } from './decode.js';

/** What the project promises, as ratios within one run: peer's cost over ours. */
interface Promised {
  readonly case: RegExp;
  readonly column: 'ccxt_ns' | 'tardis_ns' | 'json_parse_ns';
  readonly times: number;
}

const depth = (venues: string, ccxt: number, tardis: number, jsonParse: number): readonly Promised[] => [
  { case: new RegExp(`^(${venues}) depth`), column: 'ccxt_ns', times: ccxt },
  { case: new RegExp(`^(${venues}) depth`), column: 'tardis_ns', times: tardis },
  { case: new RegExp(`^(${venues}) depth`), column: 'json_parse_ns', times: jsonParse },
];

const PROMISES: readonly Promised[] = [
  ...depth('binance|binanceusdm|binancecoinm', 15, 10, 4),
  ...depth('okx|bybit', 14, 9, 4),
  ...depth('deribit', 10, 4, 3),
  { case: /^binance\w* (trade|quote)/, column: 'ccxt_ns', times: 25 },
];

const COLUMNS = ['speed_ns', 'ccxt_ns', 'tardis_ns', 'json_parse_ns', 'byte_loop_ns'] as const;

/** For people: a table of ns per frame with the ratios, and what falls short of the promise. */
export function describeDecode({ rows }: DecodeReport): string {
  const header = ['case', 'frames', 'bytes', 'speed', 'ccxt pro', 'tardis-dev', 'JSON.parse', 'byte loop', 'agree'];
  const lines = rows.map((row) => [
    row.case,
    String(row.frames),
    String(row.bytes),
    ...COLUMNS.map((column) => cell(row, column)),
    row.agree ? 'yes' : 'NO',
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...lines.map((line) => (line[column] as string).length)));
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number)))
      .join('  ');
  const sources = [...new Set(rows.map(({ source }) => source))].join(', ');
  return [
    `ns per frame, medians; frames from ${sources}`,
    '',
    format(header),
    ...lines.map(format),
    '',
    ...shortfalls(rows),
  ].join('\n');
}

function cell(row: DecodeRow, column: (typeof COLUMNS)[number]): string {
  if (column === 'speed_ns') return String(row.speed_ns);
  return row[column] === null ? '-' : `${row[column]} (${ratio(row, column).toFixed(1)}x)`;
}

/** Infinite where there is nothing to compare with. */
function ratio(row: DecodeRow, column: (typeof COLUMNS)[number]): number {
  return (row[column] ?? Number.POSITIVE_INFINITY) / row.speed_ns;
}

function shortfalls(rows: readonly DecodeRow[]): string[] {
  const short = rows.flatMap((row) =>
    PROMISES.filter(({ case: cases, column, times }) => cases.test(row.case) && ratio(row, column) < times).map(
      ({ column, times }) =>
        `short of the promise: ${row.case}: ${ratio(row, column).toFixed(1)}x ${column.replace('_ns', '')}, promised ${times}x`,
    ),
  );
  return short.length > 0
    ? short
    : [
        `every promise kept: ${PROMISES.map(({ case: cases, column, times }) => `${times}x ${column.replace('_ns', '')} (${cases.source})`).join(', ')}`,
      ];
}
