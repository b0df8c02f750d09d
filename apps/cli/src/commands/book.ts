import { Command } from 'commander';
import type { Console } from '../console.js';
import { integer, reachOptions } from '../options.js';
import { endless } from '../running/until-interrupted.js';
import type { Reach } from '../venues.js';

export interface BookOptions extends Reach {
  readonly depth: number;
  readonly timeout: number;
  readonly maxAge: number;
  readonly once?: boolean;
  readonly json?: boolean;
}

const HELP = `
The state line says whether the prices may be believed: LIVE, SYNCING or STALE, the age of the last change, and how often the
stream had a hole. Without a terminal, plain text is printed once a second. Ctrl-C ends it.
`;

/** `speed book` */
export function bookCommand(console: Console): Command {
  return reachOptions(
    new Command('book')
      .description('a live order book in the terminal')
      .argument('<venue>', 'venue id, e.g. binanceusdm')
      .argument('<symbol>', "unified symbol, e.g. BTC/USDT:USDT, or the venue's id"),
  )
    .option('--depth <levels>', 'levels per side', integer(1, 1000), 10)
    .option('--once', 'wait until the book is live, print it and exit')
    .option('--timeout <seconds>', 'with --once: give up after this long', integer(1, 3600), 15)
    .option('--max-age <seconds>', 'show the book as stale when nothing came for this long', integer(1, 3600), 20)
    .option('--json', 'one JSON per line instead of a ladder')
    .addHelpText('after', HELP)
    .action(async (venue: string, symbol: string, options: BookOptions) => {
      const { showBook } = await import('../ladder/command.js');
      const show = () => showBook(console, venue, symbol, options);
      await (options.once ? show() : endless(console, show));
    });
}
