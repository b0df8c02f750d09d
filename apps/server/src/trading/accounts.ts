import { nearest, SpeedError } from '@speed-protocol/core';
import {
  type AccountEvent,
  type DeskOrder,
  type Host,
  openTradingAccount,
  type TradingAccount,
  type TradingLimits,
} from '@speed-protocol/host';
import type { AccountView } from '@speed-protocol/protocol';
import { noteOf } from './notes.js';
import type { AccountStreams } from './streams.js';
import { mayUse, type User } from './users.js';
import { orderView } from './views.js';

interface Entry {
  readonly name: string;
  readonly venue: string;
  environment: string;
  state: AccountView['state'];
  reason: string | null;
  opening: Promise<TradingAccount> | undefined;
  account: TradingAccount | undefined;
}

/** ms until accounts that could not be opened are tried again by themselves: at first, and at most. */
const RETRY_MS = 1000;
const RETRY_MOST_MS = 60_000;

/** The accounts of the configuration, open for trading, each once. */
export class Accounts {
  readonly #entries = new Map<string, Entry>();
  #cancelRetry: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(
    private readonly host: Host,
    private readonly journalDir: string,
    private readonly streams: AccountStreams,
  ) {
    for (const [name, { venue, environment = '' }] of Object.entries(host.config.accounts)) {
      this.#entries.set(name, {
        ...{ name, venue, environment, state: 'opening', reason: null },
        ...{ opening: undefined, account: undefined },
      });
    }
  }

  /**
   * Reads what the configuration says of the accounts. Opens nothing.
   * @throws SpeedError `config` when credentials are missing
   */
  async prepare(): Promise<void> {
    const { connectors } = this.host;
    for (const entry of this.#entries.values()) {
      await connectors.get(entry.venue, entry.name);
      entry.environment = (await connectors.environmentOf(entry.name)) ?? 'live';
    }
  }

  /** Begins to open all: orders that an earlier process left behind are settled without being asked for. */
  start(): void {
    this.#openAll(RETRY_MS);
  }

  /** Whether real money is among them. */
  get areLive(): boolean {
    return [...this.#entries.values()].some(({ environment }) => environment === 'live');
  }

  /** How many are in each state. */
  get states(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { state } of this.#entries.values()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Those that a user may use. */
  list(user: User): AccountView[] {
    return [...this.#entries.values()].filter(({ name }) => mayUse(user, name)).map((entry) => viewOf(entry, user));
  }

  view(user: User, name: string): AccountView {
    return viewOf(this.#entry(user, name), user);
  }

  /**
   * An account, open.
   * @throws SpeedError `not-found` when there is none that this user may use: others do not exist for it; as opening
   *   failed: `connection`, `unauthorized` ...
   */
  async get(user: User, name: string): Promise<TradingAccount> {
    return this.#opened(this.#entry(user, name));
  }

  /** As {@link get}, to change something. @throws SpeedError `unauthorized` when the user may only look */
  async tradable(user: User, name: string): Promise<TradingAccount> {
    const entry = this.#entry(user, name);
    if (!user.mayTrade) throw new SpeedError('unauthorized', `The user "${user.name}" may look, but not trade`);
    return this.#opened(entry);
  }

  order(account: TradingAccount, order: DeskOrder) {
    return orderView(account.id, account.venue, order);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #entry(user: User, name: string): Entry {
    const entry = mayUse(user, name) ? this.#entries.get(name) : undefined;
    if (entry) return entry;
    const names = this.list(user).map(({ account }) => account);
    const near = nearest(name, names);
    const known = names.length > 0 ? `yours: ${names.join(', ')}` : 'you have none; accounts are named in the configuration';
    throw new SpeedError('not-found', `No account ${JSON.stringify(name)}${near ? `; did you mean "${near}"?` : ''} (${known})`);
  }

  #opened(entry: Entry): Promise<TradingAccount> {
    if (this.#closing) return Promise.reject(new SpeedError('unavailable', 'The server stops', { outcomeKnown: true }));
    entry.opening ??= this.#open(entry);
    return entry.opening;
  }

  async #open(entry: Entry): Promise<TradingAccount> {
    const { name, venue, environment } = entry;
    const { clock, config, connectors, logger } = this.host;
    const { limits, orphans, strict, deadMansSwitchMs } = config.accounts[name]!;
    entry.state = 'opening';
    try {
      const account = await openTradingAccount({
        ...{ id: name, venue, environment, journalDir: this.journalDir, clock, logger },
        ...{ limits: limits as TradingLimits | undefined, orphans, strict, deadMansSwitchMs },
        connector: await connectors.get(venue, name),
      });
      account.on((event) => this.#publish(event));
      Object.assign(entry, { account, state: 'ready', reason: null });
      return account;
    } catch (error) {
      const reason = SpeedError.is(error) ? error.message : 'opening failed; the log says why';
      Object.assign(entry, { opening: undefined, state: 'failed', reason });
      logger.warn({ account: name, venue, err: error }, 'an account could not be opened');
      throw error;
    }
  }

  #openAll(retryMs: number): void {
    const closed = [...this.#entries.values()].filter(({ opening }) => !opening);
    void Promise.allSettled(closed.map((entry) => this.#opened(entry))).then((settled) => {
      const mayHeal = settled.some((each) => each.status === 'rejected' && !isLasting(each.reason));
      if (!mayHeal || this.#closing) return;
      const next = Math.min(2 * retryMs, RETRY_MOST_MS);
      this.#cancelRetry = this.host.clock.schedule(retryMs, () => this.#openAll(next));
    });
  }

  #publish(event: AccountEvent): void {
    const note = noteOf(event);
    if (note) this.streams.publish(event.accountId, note, note.orderKey);
  }

  async #close(): Promise<void> {
    this.#cancelRetry();
    for (const { opening } of this.#entries.values()) {
      const account = await opening?.catch(() => undefined);
      await account?.[Symbol.asyncDispose]();
    }
  }
}

/** Trying again by itself would only repeat it; the next command tries again all the same. */
const LASTING = ['unsupported', 'unauthorized'] as const;
const isLasting = (error: unknown): boolean => LASTING.some((kind) => SpeedError.is(error, kind));

function viewOf({ name, venue, environment, state, reason, account }: Entry, { mayTrade }: User): AccountView {
  return { account: name, venue, environment, state, reason, killed: account?.killed ?? false, mayTrade };
}
