import { type ClientAccount, SpeedClient } from '@speed-protocol/client';
import { nearest } from '@speed-protocol/core';
import type { AccountView } from '@speed-protocol/protocol';
import type { TradeOptions } from '../commands/trade.js';
import type { Console } from '../console.js';
import { UsageError } from '../failure.js';

/** A connection to the server for one command. */
export interface Session extends AsyncDisposable {
  readonly client: SpeedClient;
  readonly accounts: readonly AccountView[];
  /** The account that the command is for. @throws UsageError naming those that there are */
  account(): { readonly view: AccountView; readonly desk: ClientAccount };
}

/** @throws SpeedError when the server cannot be reached, or wants another token */
export async function openSession({ signal }: Console, { target, account }: TradeOptions): Promise<Session> {
  const url = target ?? process.env['SPEED_SERVER'];
  const client = new SpeedClient(url, { token: process.env['SPEED_TOKEN'], reconnect: false, signal });
  try {
    const accounts = await client.accounts();
    return {
      client,
      accounts,
      account() {
        const view = choose(accounts, account ?? process.env['SPEED_ACCOUNT']);
        return { view, desk: client.account(view.account) };
      },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

function choose(accounts: readonly AccountView[], wished: string | undefined): AccountView {
  const names = accounts.map(({ account }) => account);
  const only = wished === undefined && accounts.length === 1 ? accounts[0] : undefined;
  const found = only ?? accounts.find(({ account }) => account === wished);
  if (found) return found;
  if (names.length === 0)
    throw new UsageError('the server has no account that you may use; accounts are named in its configuration');
  if (wished === undefined) throw new UsageError(`name an account with --account: ${names.join(', ')}`);
  const near = nearest(wished, names);
  throw new UsageError(`no account "${wished}"${near ? `; did you mean "${near}"?` : ''} (there is ${names.join(', ')})`);
}
