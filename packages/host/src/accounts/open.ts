import path from 'node:path';
import { type AnyAccount, type AnyTrading, type ErrorKind, SpeedError, silentLogger, systemClock } from '@speed-protocol/core';
import { OrderDesk } from '../desk/desk.js';
import { openJournal as openOnDisk } from '../desk/journal.js';
import { Context } from './context.js';
import { Holdings } from './holdings.js';
import { Prices } from './prices.js';
import { type AccountParts, TradingAccount } from './trading-account.js';
import type { TradingAccountOptions } from './types.js';

const PASSING: ReadonlySet<ErrorKind> = new Set(['clock-skew', 'rate-limited', 'unavailable', 'timeout', 'connection']);

/**
 * Opens an account for trading: its journal, its private stream, what it owns. Orders that an earlier process left behind
 * are taken back and settled.
 * @throws SpeedError `unsupported` (no trading at this venue), `config` (journal in use or damaged), `unauthorized`
 */
export async function openTradingAccount(options: TradingAccountOptions): Promise<TradingAccount> {
  const {
    connector,
    journalDir,
    environment,
    venue,
    id,
    strict,
    logger = silentLogger,
    clock = systemClock,
    openJournal = openOnDisk,
  } = options;
  const { trading, account } = roomsOf(options);
  const journal = await openJournal(journalFolder(journalDir, { environment, venue, id }), { strict, logger });
  const holdings = new Holdings(account, logger);
  const prices = new Prices(connector, clock, logger);
  const context = new Context(connector, holdings, prices, options.limits);
  const parts = { options, connector, trading, account, clock, logger, journal, holdings, prices, context };
  const opened = new TradingAccount(parts);
  try {
    await opened.begin((onPrivate) => openDesk(parts, onPrivate));
    await holdings.refresh().catch(lookLater);
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
  return opened;
}

/** What passes is no reason not to open: whoever needs to know positions asks again. */
function lookLater(error: unknown): void {
  if (!SpeedError.is(error) || !PASSING.has(error.kind)) throw error;
}

/** One folder per account; an account of one environment never sees what another's did. */
function journalFolder(
  root: string,
  { environment, venue, id }: Pick<TradingAccountOptions, 'environment' | 'venue' | 'id'>,
): string {
  // Two dots would lead out of the folder.
  const names = [environment, venue, id].map((name) => encodeURIComponent(name).replaceAll('.', '%2E'));
  return path.join(root, ...names);
}

function openDesk(
  parts: AccountParts,
  onPrivate: NonNullable<Parameters<typeof OrderDesk.open>[0]['onPrivate']>,
): Promise<OrderDesk> {
  const { options, connector, trading, account, journal, context, clock, logger } = parts;
  const { orphans, settle, auditMs } = options;
  const batchSize = connector.capabilities.trading?.batch?.place;
  return OrderDesk.open({
    ...{ trading, account, journal, contextOf: context.of, onPrivate, clock, logger },
    ...{ orphans, settle, auditMs, batchSize },
  });
}

function roomsOf({ connector, venue, id }: TradingAccountOptions): { trading: AnyTrading; account: AnyAccount } {
  const { trading, account } = connector;
  if (connector.venue !== venue)
    throw new SpeedError('config', `The account "${id}" is for ${venue}, but its connector is for ${connector.venue}`);
  if (!trading || !account) throw new SpeedError('unsupported', `The connector for ${venue} cannot trade`, { venue });
  return { trading, account };
}
