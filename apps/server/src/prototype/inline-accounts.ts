import { createHash } from 'node:crypto';
import { type Connector, type Secret, SpeedError } from '@speed-protocol/core';
import { type Host, openTradingAccount, type TradingAccount } from '@speed-protocol/host';

/** Keys as a message of the prototype brings them. */
export interface InlineKeys {
  readonly venue: string;
  readonly apiKey: Secret;
  readonly secret: Secret;
  readonly password: Secret | undefined;
}

interface Entry {
  readonly opening: Promise<{ readonly account: TradingAccount; readonly connector: Connector }>;
  users: number;
  cancel: () => void;
}

/** How long an account stays open that nobody uses, ms: the next message with the same keys finds it. */
const LINGER_MS = 60_000;

/**
 * Accounts of simulated venues whose keys came in a message. The keys are held as long as the account is open, and
 * nowhere else: not in the journal, whose name is made from a hash of them.
 */
export class InlineAccounts {
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(
    private readonly host: Host,
    private readonly journalDir: string,
    private readonly allowed: 'sim' | 'never',
  ) {}

  /**
   * Opens the account of these keys; {@link release} it as often.
   * @throws SpeedError `unauthorized` where keys in messages are not accepted
   */
  async lease(keys: InlineKeys): Promise<{ readonly id: string; readonly account: TradingAccount }> {
    this.#assertAllowed(keys.venue);
    const id = idOf(keys);
    const entry = this.#entries.get(id) ?? this.#create(id, keys);
    entry.cancel();
    entry.users++;
    try {
      return { id, account: (await entry.opening).account };
    } catch (error) {
      this.release(id);
      throw error;
    }
  }

  release(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry || --entry.users > 0) return;
    entry.cancel = this.host.clock.schedule(LINGER_MS, () => void this.#close(id, entry));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries].map(([id, entry]) => this.#close(id, entry)));
  }

  #assertAllowed(venue: string): void {
    if (this.#closed) throw new SpeedError('unavailable', 'The server stops', { outcomeKnown: true });
    const isSimulated = this.host.config.venues[venue]?.['environment'] === 'sim';
    if (this.allowed === 'sim' && isSimulated) return;
    throw new SpeedError(
      'unauthorized',
      `Keys in messages are not accepted for ${venue}: name the account in the server's configuration, and leave the keys out`,
      { venue },
    );
  }

  #create(id: string, keys: InlineKeys): Entry {
    const entry: Entry = { opening: this.#open(id, keys), users: 0, cancel: () => {} };
    this.#entries.set(id, entry);
    entry.opening.catch(() => this.#entries.delete(id));
    return entry;
  }

  async #open(id: string, { venue, apiKey, secret, password }: InlineKeys) {
    const { plugins, config, logger, clock, signal } = this.host;
    const manifest = await plugins.manifest(venue);
    const own = { environment: 'sim', apiKey: apiKey.reveal(), secret, ...(password && { password }) };
    const connector = manifest.create(venue, { config: { ...config.venues[venue], ...own }, logger, clock, signal }) as Connector;
    try {
      const options = { id, venue, environment: 'sim', journalDir: this.journalDir, connector, logger, clock };
      return { account: await openTradingAccount(options), connector };
    } catch (error) {
      await connector[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #close(id: string, entry: Entry): Promise<void> {
    entry.cancel();
    if (this.#entries.get(id) === entry) this.#entries.delete(id);
    const opened = await entry.opening.catch(() => undefined);
    await opened?.account[Symbol.asyncDispose]();
    await opened?.connector[Symbol.asyncDispose]();
  }
}

/** Equal for equal keys, and says nothing about them. */
function idOf({ venue, apiKey, secret, password }: InlineKeys): string {
  const text = JSON.stringify([venue, apiKey.reveal(), secret.reveal(), password?.reveal() ?? null]);
  return `inline-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
