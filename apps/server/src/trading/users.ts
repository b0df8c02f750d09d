import { type Secret, SpeedError } from '@speed-protocol/core';
import type { ServerConfig } from '../config.js';
import { tokenMatches } from '../token.js';

/** Who sends commands, and what they may do. */
export interface User {
  readonly name: string;
  /** Names of accounts; `*`: all. */
  readonly accounts: '*' | ReadonlySet<string>;
  /** False: looks only. */
  readonly mayTrade: boolean;
}

/** Everybody on this machine, where no token is asked for; and whoever has the server's one token. */
const OPERATOR: User = { name: 'operator', accounts: '*', mayTrade: true };

interface Row {
  readonly user: User;
  readonly token: Secret;
}

/** The users of a server, by their tokens. */
export class Users {
  readonly #rows: readonly Row[];

  constructor({ token, users }: Pick<ServerConfig, 'token' | 'users'>) {
    const named = Object.entries(users).map(([name, { accounts, mayTrade, token: own }]) => {
      const user: User = { name, mayTrade, accounts: accounts === '*' ? '*' : new Set(accounts) };
      return { user, token: own };
    });
    this.#rows = token ? [...named, { user: OPERATOR, token }] : named;
    const tokens = this.#rows.map((row) => row.token.reveal());
    if (new Set(tokens).size < tokens.length) throw new SpeedError('config', 'server.users: two users have the same token');
  }

  /** Whether a token is asked for at all. */
  get areNamed(): boolean {
    return this.#rows.length > 0;
  }

  /** The user of a connection that has shown nothing. */
  get anybody(): User | undefined {
    return this.areNamed ? undefined : OPERATOR;
  }

  /** Every token is compared, so that the time tells nothing. */
  byToken(given: string | undefined): User | undefined {
    let found: User | undefined;
    for (const { user, token } of this.#rows) if (tokenMatches(token, given)) found = user;
    return found;
  }
}

export function mayUse({ accounts }: User, account: string): boolean {
  return accounts === '*' || accounts.has(account);
}
