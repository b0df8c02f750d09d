import { Command } from 'commander';
import type { Console } from '../console.js';

/** `speed venues` */
export function venuesCommand(console: Console): Command {
  return new Command('venues')
    .description('installed exchange plugins and what each venue can do')
    .option('--config <file>', 'configuration file, for its list of plugins')
    .option('--json', 'one JSON for scripts')
    .action(async (options: { config?: string; json?: boolean }) => {
      const { venues } = await import('../listing/venues.js');
      await venues(console, options);
    });
}
