import { PassThrough } from 'node:stream';
import type { AccountView } from '@speed-protocol/protocol';
import { expect, it } from 'vitest';
import { ReportedFailure, UsageError } from '../failure.js';
import { confirm } from './confirm.js';

const VIEW: AccountView = {
  ...{ account: 'desk', venue: 'binance', environment: 'sim', state: 'ready', reason: null, killed: false, mayTrade: true },
};

/** Asks on a terminal where this is typed; what was shown before the answer. */
async function ask(typed: string, view = VIEW, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  stdin.end(`${typed}\n`);
  const console = { stdin, stdout: new PassThrough(), stderr, signal: new AbortController().signal };
  const outcome = await confirm(console, view, 'buy 1 BTC/USDT at market', undefined).then(
    () => 'yes',
    (error: unknown) => error,
  );
  return { outcome, shown: String(stderr.read() ?? '') };
}

it.each(['y', 'Y', 'yes', ' yes '])('takes %j for a yes', async (typed) => {
  const { outcome, shown } = await ask(typed);
  expect([outcome, shown]).toEqual([
    'yes',
    expect.stringMatching(/^desk on binance \(sim\)\nbuy 1 BTC\/USDT at market\? \[y\/N\]/),
  ]);
});

it.each(['', 'n', 'no', 'yess', 'buy'])('takes %j for a no: nothing is sent', async (typed) => {
  const { outcome, shown } = await ask(typed);
  expect(outcome).toBeInstanceOf(ReportedFailure);
  expect(shown).toMatch(/nothing was sent\n$/);
});

it('says that it is real money', async () => {
  expect((await ask('n', { ...VIEW, environment: 'live' })).shown).toMatch(/^desk on binance WITH REAL MONEY\n/);
});

it('does not take for a yes what comes through a pipe', async () => {
  expect((await ask('y', VIEW, false)).outcome).toBeInstanceOf(UsageError);
});
