import { CommanderError } from 'commander';
import type { Console } from './console.js';
import { describeError, EXIT, exitCode, ReportedFailure } from './failure.js';
import { commanderExit, createProgram } from './program.js';

/** Within this time a second signal is taken for an echo of the first: a parent process passes Ctrl-C on to its children, ms. */
const ECHO_MS = 1000;

/** Ctrl-C and a polite kill abort the signal; asking again ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let isOver = false;
  const onSignal = () => {
    if (isOver) process.exit(EXIT.failed);
    if (controller.signal.aborted) return;
    // What came in time is read before the immediate: an echo stays one however late this process gets to it.
    setTimeout(() => setImmediate(() => (isOver = true)), ECHO_MS).unref();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  return controller.signal;
}

/** `speed ... | head` closes our output early: that is an end, not a failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}

/**
 * Runs the command line.
 * @param argv arguments without the program's name
 * @returns the exit code: 0 done, 1 failed, 2 bad usage
 */
export async function main(argv: readonly string[]): Promise<number> {
  endWithReader();
  const console: Console = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, signal: interruptSignal() };
  return run(argv, console);
}

/** {@link main} with the outside injected. */
export async function run(argv: readonly string[], console: Console): Promise<number> {
  const program = createProgram(console);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error);
    if (error instanceof ReportedFailure) return EXIT.failed;
    console.stderr.write(`${describeError(error, program.opts<{ debug?: boolean }>().debug === true)}\n`);
    return exitCode(error);
  }
}
