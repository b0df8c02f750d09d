import { Command, InvalidArgumentError, Option } from 'commander';
import type { Console } from '../console.js';
import { list, reachOptions } from '../options.js';
import type { Reach } from '../venues.js';

/** What all commands about symbols share. */
export interface SymbolsOptions extends Reach {
  readonly venues?: readonly string[];
  /** Hours. */
  readonly maxAge: number;
  readonly offline?: boolean;
  readonly all?: boolean;
  readonly kind?: 'spot' | 'perpetual' | 'future' | 'option';
  readonly json?: boolean;
}
export interface MapOptions extends SymbolsOptions {
  readonly as?: string;
  readonly prices?: boolean;
}
export interface WhereOptions extends SymbolsOptions {
  readonly quote?: string;
  readonly settle?: string;
  readonly linear?: boolean;
  readonly inverse?: boolean;
}

const HELP = `
Listings are kept in the cache folder (SPEED_CACHE, else speed in your cache folder) and asked for again when they are older than
--max-age. When a venue cannot be asked, what is kept is used and said to be stale. With --origin nothing is kept.

Examples:
  speed symbols binanceusdm eth             instruments whose symbol or id contains "eth"
  speed symbols map binanceusdm BTCUSDT     the unified symbol of the venue's id, and the other way round
  speed symbols map BTC/USDT:USDT           the same instrument on every installed venue
  speed symbols where BTC perpetual         where it is tradable, and as what
`;

const MAP_HELP = `
With a venue: its other name of one instrument. Without: the same instrument on all venues, for a unified symbol; whose id it is,
for anything else. The same means coin, units, quote, settlement, direction and expiry: a ticker that is another coin somewhere
(VAI of KuCoin is VAIOT), and bundles (1000PEPE, kPEPE), are listed apart, with the reason. Tickers are read in their plain meaning,
or as the venue named with --as means them. "assets" of the configuration says what a code stands for:
  assets: { somevenue: { ABC: ABCOIN, XPEPE: 1000 PEPE } }

Examples:
  speed symbols map okx BTC/USDT:USDT       BTC-USDT-SWAP
  speed symbols map BTCUSDT                 whose id this is
  speed symbols map VAI/USDT --as kucoin    where KuCoin's VAI is traded
Exit code 1: nowhere, or an installed venue could not be asked.
`;

const WHERE_HELP = `
KIND is spot, perpetual, future or option; all of them when it is left out. CONTRACT is what one contract is worth: coins on
linear, quote units on inverse. MIN is the smallest amount, in contracts, and the smallest value.

Examples:
  speed symbols where BTC perpetual --inverse
  speed symbols where PEPE --venues okx,bybit --json
Exit code 1: nowhere, or an installed venue could not be asked.
`;

const KINDS = { spot: 'spot', perpetual: 'perpetual', future: 'future', option: 'option' } as const;
const KIND_WORDS: Readonly<Record<string, keyof typeof KINDS>> = {
  ...KINDS,
  perp: 'perpetual',
  perpetuals: 'perpetual',
  swap: 'perpetual',
  swaps: 'perpetual',
  futures: 'future',
  options: 'option',
};

/** `speed symbols` and what hangs on it */
export function symbolsCommand(console: Console): Command {
  const symbols = new Command('symbols').description('instruments of venues and their names').addHelpText('after', HELP);
  listingOptions(
    symbols.argument('<venue>', 'venue id, e.g. binanceusdm').argument('[filter]', "part of a symbol or of the venue's id"),
  )
    .addOption(kindOption())
    .option('--all', 'also those that do not trade now')
    .option('--json', 'a JSON array for scripts')
    .action(async (venue: string, filter: string | undefined, options: SymbolsOptions) => {
      const { listSymbols } = await import('../symbols/list.js');
      await listSymbols(console, venue, filter, options);
    });
  for (const create of [mapCommand, whereCommand, syncCommand, clashesCommand]) symbols.addCommand(create(console));
  return symbols;
}

function mapCommand(console: Console): Command {
  const command = new Command('map')
    .description('a unified symbol to the id of a venue, or back; the same instrument on all venues')
    .usage('[options] [venue] <symbol>')
    .argument('<venue or symbol>', 'venue id; or, across all venues, the symbol')
    .argument('[symbol]', "unified symbol or the venue's id")
    .addHelpText('after', MAP_HELP);
  return allVenuesOptions(command)
    .addOption(kindOption())
    .option('--as <venue>', 'across venues: tickers mean what they mean on this venue')
    .option('--prices', 'across venues: compare the prices too, and refuse what is dearer or cheaper by a quarter')
    .option('--all', 'across venues: also those that do not trade now')
    .option('--json', 'one JSON')
    .action(async (first: string, second: string | undefined, _own: MapOptions, own: Command) => {
      // Options that both commands have land on the outer one, wherever they stand on the line.
      const options = own.optsWithGlobals<MapOptions>();
      const { mapAcross, mapOne } = await import('../symbols/map.js');
      await (second === undefined ? mapAcross(console, first, options) : mapOne(console, first, second, options));
    });
}

function whereCommand(console: Console): Command {
  const command = new Command('where')
    .description('where a coin is tradable, and as what')
    .argument('<coin>', 'ticker, e.g. BTC')
    .argument('[kind]', 'spot, perpetual, future or option', kindOf)
    .addHelpText('after', WHERE_HELP);
  return allVenuesOptions(command)
    .option('--quote <code>', 'only quoted in this')
    .option('--settle <code>', 'only settled in this')
    .addOption(new Option('--linear', 'only linear contracts').conflicts('inverse'))
    .option('--inverse', 'only inverse contracts')
    .option('--all', 'also those that do not trade now')
    .option('--json', 'one JSON')
    .action(async (coin: string, kind: SymbolsOptions['kind'], _own: WhereOptions, own: Command) => {
      const { where } = await import('../symbols/where.js');
      await where(console, coin, kind, own.optsWithGlobals<WhereOptions>());
    });
}

function syncCommand(console: Console): Command {
  const command = new Command('sync')
    .description('ask venues for their listings now, and say what changed')
    .argument('[venues...]', 'venue ids (default: all that are installed)');
  return allVenuesOptions(command)
    .option('--json', 'a JSON array for scripts')
    .action(async (venues: readonly string[], _own: SymbolsOptions, own: Command) => {
      const { sync } = await import('../symbols/sync.js');
      await sync(console, venues, own.optsWithGlobals<SymbolsOptions>());
    });
}

function clashesCommand(console: Console): Command {
  const command = new Command('clashes').description(
    'tickers that do not mean what they say: another coin, or a bundle of coins, venue by venue',
  );
  return allVenuesOptions(command)
    .option('--json', 'a JSON array for scripts')
    .action(async (_own: SymbolsOptions, own: Command) => {
      const { clashes } = await import('../symbols/clashes.js');
      await clashes(console, own.optsWithGlobals<SymbolsOptions>());
    });
}

function listingOptions(command: Command): Command {
  return reachOptions(command)
    .option('--max-age <hours>', 'kept listings may be this old; 0 always asks', hours, 1)
    .option('--offline', 'use what is kept, however old');
}

function allVenuesOptions(command: Command): Command {
  return listingOptions(command).option(
    '--venues <ids>',
    'only these venues, comma separated (default: all that are installed)',
    list,
  );
}

function kindOption(): Option {
  return new Option('--kind <kind>', 'where a venue has one id for several: spot, perpetual, future or option').argParser(kindOf);
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected hours, 0 or more');
}

function kindOf(text: string): keyof typeof KINDS {
  const kind = KIND_WORDS[text.toLowerCase()];
  if (kind) return kind;
  throw new InvalidArgumentError(`expected ${Object.keys(KINDS).join(', ')}`);
}
