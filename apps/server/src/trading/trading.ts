import type { Host } from '@speed-protocol/host';
import type { ServerConfig } from '../config.js';
import { InlineAccounts } from '../prototype/inline-accounts.js';
import type { Recordings } from '../recordings.js';
import { Accounts } from './accounts.js';
import { OrderRefs } from './order-refs.js';
import { SharedRecordings } from './recordings.js';
import { AccountStreams } from './streams.js';

/** The trading half of a server. */
export interface Trading {
  readonly host: Host;
  readonly accounts: Accounts;
  readonly streams: AccountStreams;
  readonly refs: OrderRefs;
  /** Accounts whose keys came in a message. */
  readonly inline: InlineAccounts;
  readonly recordings: SharedRecordings | undefined;
  readonly answerMs: number;
}

export function createTrading(host: Host, config: ServerConfig, recordings: Recordings | undefined): Trading {
  const { limits, journalDirectory, inlineKeys } = config;
  const { resumeMs, resumeEvents, resumeBytes, resumeSessions, answerMs } = limits;
  const options = { keepMs: resumeMs, events: resumeEvents, bytes: resumeBytes, detached: resumeSessions };
  const streams = new AccountStreams(options, () => host.clock.now());
  return {
    ...{ host, streams, answerMs },
    refs: new OrderRefs(),
    accounts: new Accounts(host, journalDirectory, streams),
    inline: new InlineAccounts(host, journalDirectory, inlineKeys),
    recordings: recordings && new SharedRecordings(recordings),
  };
}
