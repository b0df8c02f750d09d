import { Command } from 'commander';
import type { Console } from '../console.js';
import { type SelectionOptions, selectionOptions } from '../history/selection.js';

export interface QueryOptions extends SelectionOptions {
  readonly data: string;
  readonly config?: string;
  readonly json?: boolean;
}

const HELP = `
Datasets are tables: orderbooks, depth, trades, quotes, funding, candles, liquidations, gaps; date, exchange and pair are columns.
Runs in DuckDB (npm install @duckdb/node-api@1.5.5-r.5). Files of a bucket are fetched first: narrow it down with --from, --symbols.

  speed query "SELECT exchange, count(*) FROM trades GROUP BY 1"
`;

/** `speed query` */
export function queryCommand(console: Console): Command {
  const command = new Command('query')
    .description('SQL over a recording')
    .argument('<sql>', 'one statement')
    .option('--data <location>', 'a folder, or s3://bucket/prefix', './data');
  return selectionOptions(command)
    .option('--config <file>', 'configuration file')
    .option('--json', 'one JSON per row')
    .addHelpText('after', HELP)
    .action(async (sql: string, options: QueryOptions) => {
      const { runQuery } = await import('../history/query.js');
      await runQuery(console, sql, options);
    });
}
