import { Command, CommanderError } from 'commander';
import { bookCommand } from './commands/book.js';
import { conformCommand } from './commands/conform.js';
import { demoCommand } from './commands/demo.js';
import { keysCommand } from './commands/keys.js';
import { normalizeCommand } from './commands/normalize.js';
import { queryCommand } from './commands/query.js';
import { recordCommand } from './commands/record.js';
import { replayCommand } from './commands/replay.js';
import { serverCommand } from './commands/server.js';
import { simCommand } from './commands/sim.js';
import { stressCommand } from './commands/stress.js';
import { symbolsCommand } from './commands/symbols.js';
import { tradeCommand } from './commands/trade.js';
import { venuesCommand } from './commands/venues.js';
import { verifyCommand } from './commands/verify.js';
import type { Console } from './console.js';
import { EXIT } from './failure.js';
import { VERSION } from './version.js';

/** Builds one command of the program; what it runs is imported when it runs. */
type CommandFactory = (console: Console) => Command;

/** Every command, in the order of `speed --help`. */
const COMMANDS: readonly CommandFactory[] = [
  demoCommand,
  serverCommand,
  keysCommand,
  simCommand,
  venuesCommand,
  symbolsCommand,
  bookCommand,
  normalizeCommand,
  recordCommand,
  verifyCommand,
  queryCommand,
  replayCommand,
  conformCommand,
  tradeCommand,
  stressCommand,
];

/** The whole command tree. Nothing here imports an engine: `speed --help` stays fast. */
export function createProgram(console: Console): Command {
  const program = new Command('speed')
    .description('Exchange connectors: live books, a gateway, and an exchange in a box')
    .version(VERSION)
    .option('--debug', 'print the stack of an error')
    .showHelpAfterError('(see speed --help)');
  for (const create of COMMANDS) program.addCommand(create(console));
  for (const command of [program, ...descendants(program)]) prepare(command, console);
  return program;
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** Errors are thrown, never exits taken; text goes to the console that was given. */
function prepare(command: Command, { stdout, stderr }: Console): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, put) => put(text.replace(/^error: /, 'speed: ')),
  });
}

/** Exit code of what commander threw: help and version are no failures. Others are rethrown. */
export function commanderExit(error: unknown): number {
  if (!(error instanceof CommanderError)) throw error;
  return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
