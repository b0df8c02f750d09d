import type { Connector } from '@speed-protocol/core';
import type { Host } from '@speed-protocol/host';
import type { ChannelSpec, CommandName, CommandResult, StatusResult } from '@speed-protocol/protocol';
import type { commands } from '@speed-protocol/protocol/schemas';
import type { z } from 'zod';
import type { Books } from '../channels/books.js';
import type { ServerConfig } from '../config.js';
import type { Recordings } from '../recordings.js';
import type { AccountStream } from '../trading/account-stream.js';
import type { Trading } from '../trading/trading.js';
import type { User } from '../trading/users.js';

/** The client that sent a command, as its handler sees it. */
export interface Caller {
  readonly user: User;
  authenticate(token: string): void;
  /** This session's account events; begun with the session's own orders when there are none yet. */
  stream(): AccountStream;
  /** Begins account events, or goes on with those of another connection; what was missed follows the reply. */
  resume(session: string | undefined, after: number, follow: 'all' | 'own' | undefined): Resumed;
  /** Opens a channel for this client; its events follow the reply. */
  subscribe(spec: ChannelSpec): Promise<string>;
  unsubscribe(channel: string): boolean;
}

export type Resumed = Omit<CommandResult<'resume'>, 'accounts'>;

/** What handlers work with. */
export interface CommandContext {
  readonly host: Host;
  readonly config: ServerConfig;
  readonly books: Books;
  readonly trading: Trading;
  readonly recordings: Recordings | undefined;
  connect(venue: string): Promise<Connector>;
  status(): Promise<StatusResult>;
}

export type Params<C extends CommandName> = z.output<(typeof commands)[C]['params']>;

/** Answers one command. `signal` is aborted when the client is gone or has waited long enough. */
export type Handler<C extends CommandName> = (
  params: Params<C>,
  context: CommandContext,
  caller: Caller,
  signal: AbortSignal,
) => Promise<CommandResult<C>> | CommandResult<C>;
