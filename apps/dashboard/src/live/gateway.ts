import type { AccountListener } from '@speed-protocol/client';
import type { ChannelSpec, CommandName, CommandParams, CommandResult, PushedEvent } from '@speed-protocol/protocol';

/** The page's line to its server: what the live state needs of a client, so that tests can play the server. */
export interface Gateway {
  /** True while the socket is open and the server answers. */
  readonly connected: boolean;
  /** Calls `listener` when `connected` changes. */
  onConnection(listener: () => void): void;
  call<C extends CommandName>(command: C, params: CommandParams<C>): Promise<CommandResult<C>>;
  /** Messages of one channel until the returned function is called; restored after every reconnect. */
  subscribe(spec: ChannelSpec, on: (message: PushedEvent) => void, onError: (error: Error) => void): () => void;
  /** Every event of the user's accounts, each once, over every reconnect; `relist` first and whenever some may be missing. */
  followAccounts(on: AccountListener): void;
}
