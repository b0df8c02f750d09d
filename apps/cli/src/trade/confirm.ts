import { createInterface } from 'node:readline/promises';
import type { AccountView } from '@speed-protocol/protocol';
import type { Console } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';

/**
 * Shows what is about to happen, and waits for a yes.
 * @throws UsageError without a terminal to ask on; ReportedFailure when the answer is no: nothing was sent
 */
export async function confirm(console: Console, view: AccountView, what: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const { stdin, stderr, signal } = console;
  if ((stdin as { isTTY?: boolean }).isTTY !== true)
    throw new UsageError(`${what}: without a terminal to ask on this needs --yes`);
  stderr.write(
    `${view.account} on ${view.venue}${view.environment === 'live' ? ' WITH REAL MONEY' : ` (${view.environment})`}\n`,
  );
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${what}? [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  stderr.write('nothing was sent\n');
  throw new ReportedFailure('not confirmed');
}
