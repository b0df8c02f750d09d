import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkFolder } from './check-folder.js';
import { discoverPlugins } from './plugins.js';
import { captureText, summaryText } from './report-text.js';

const USAGE = `npm run captures -- [DIR] [--json]

Sends every *.wire.* capture of DIR through its plugin's normaliser and through order books: no error, no gap, and the
captured best bid and ask equal to the book's wherever both have the same update id. Frames of *.fixture.* files stand
alone: each is recognised, or listed as of an unknown kind, or refused with a reason, and counted. Plugins are found by the
name of the file, whatever is installed. DIR defaults to SPEED_CAPTURES,
then to ../shared/captures. --json prints the whole report as one JSON line instead.
Exit code: 0 ok or nothing to check, 1 something differs, 2 wrong arguments or a folder that is not there.`;

const DEFAULT_DIRECTORY = '../shared/captures';

function usageError(message: string): never {
  console.error(`captures: ${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return usageError((error as Error).message);
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (positionals.length > 1) usageError(`one folder at a time; got ${positionals.join(' ')}`);

const named = positionals[0];
const directory = path.resolve(process.env['INIT_CWD'] ?? '.', named ?? process.env['SPEED_CAPTURES'] ?? DEFAULT_DIRECTORY);
if (!existsSync(directory)) {
  if (named !== undefined) usageError(`there is no folder ${directory}`);
  console.log(`skipped: there is no folder ${directory}; run with the folder: npm run captures -- DIR`);
  process.exit(0);
}

const onReport = values.json ? () => undefined : (report: Parameters<typeof captureText>[0]) => console.log(captureText(report));
const report = await checkFolder(directory, await discoverPlugins(), { onReport });
console.log(values.json ? JSON.stringify(report) : `\n${summaryText(report)}`);
process.exitCode = report.ok ? 0 : 1;
