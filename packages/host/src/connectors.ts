import { type Clock, type Connector, type Logger, nearest, SpeedError, TOKENS } from '@speed-protocol/core';
import { inject, injectable } from 'tsyringe';
import type { AccountConfig } from './config/accounts.js';
import type { HostConfig } from './config/schema.js';
import type { Plugins } from './discovery/plugins.js';
import { CREDENTIAL_STORE, type CredentialStore } from './keys/credentials.js';

/** One connector per venue and account, made when it is first asked for and disposed with the host. */
@injectable()
export class Connectors implements AsyncDisposable {
  readonly #made = new Map<string, Promise<Connector>>();
  #disposal: Promise<void> | undefined;

  constructor(
    @inject(TOKENS.Plugins) private readonly plugins: Plugins,
    @inject(TOKENS.Config) private readonly config: HostConfig,
    @inject(TOKENS.Logger) private readonly logger: Logger,
    @inject(TOKENS.Clock) private readonly clock: Clock,
    @inject(TOKENS.Signal) private readonly signal: AbortSignal,
    @inject(CREDENTIAL_STORE) private readonly credentials: CredentialStore,
  ) {}

  /**
   * The connector of a venue, for public data or for a named account.
   * @throws SpeedError `not-found` (no such venue or account), `config` (plugin refused, or its settings are wrong)
   */
  get(venue: string, account?: string): Promise<Connector> {
    if (this.#disposal) return Promise.reject(new SpeedError('aborted', 'The host is stopped; no new connectors are made'));
    const key = account === undefined ? venue : `${venue} ${account}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#create(venue, account);
    this.#made.set(key, made);
    // A failure is not kept: the next call tries again, perhaps with the cause gone.
    made.catch(() => this.#made.delete(key));
    return made;
  }

  /** Connectors in use, in order of first use. */
  async list(): Promise<Connector[]> {
    const settled = await Promise.allSettled(this.#made.values());
    return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#disposeAll();
    return this.#disposal;
  }

  async #create(venue: string, account: string | undefined): Promise<Connector> {
    const manifest = await this.plugins.manifest(venue);
    const { logger, clock, signal } = this;
    const config = account === undefined ? this.#venueConfig(venue) : await this.#accountConfig(venue, account);
    return manifest.create(venue, { config, logger, clock, signal }) as Connector;
  }

  /**
   * The environment of a named account, `undefined` where nothing but the plugin's default says it. Reads the account's
   * credentials, so that what is missing is known before it is needed.
   * @throws SpeedError `not-found`, `config`
   */
  async environmentOf(account: string): Promise<string | undefined> {
    const { venue } = this.#account(account);
    return (await this.#accountConfig(venue, account))['environment'] as string | undefined;
  }

  #venueConfig(venue: string): Record<string, unknown> {
    return this.config.venues[venue] ?? {};
  }

  async #accountConfig(venue: string, name: string): Promise<Record<string, unknown>> {
    const account = this.#account(name, venue);
    const base = this.#venueConfig(venue);
    const environment = account.environment ?? (base['environment'] as string | undefined);
    const { apiKey, ...credentials } = await this.credentials.of(name, account, environment);
    // Not a secret by itself, and sent with every request: plugins take it as text.
    return { ...base, ...account.config, ...credentials, ...(apiKey && { apiKey: apiKey.reveal() }) };
  }

  #account(name: string, venue?: string): AccountConfig {
    const entry = Object.hasOwn(this.config.accounts, name) ? this.config.accounts[name] : undefined;
    if (entry && (venue === undefined || entry.venue === venue)) return entry;
    const all = Object.entries(this.config.accounts);
    const near = nearest(
      name,
      all.flatMap(([each, account]) => (venue === undefined || account.venue === venue ? [each] : [])),
    );
    const forVenue = venue === undefined ? '' : ` for ${venue}`;
    const hint = near ? `; did you mean "${near}"?` : '';
    throw new SpeedError(
      'not-found',
      `No account "${name}"${forVenue} in the configuration${hint}; add it under accounts`,
      venue === undefined ? {} : { venue },
    );
  }

  async #disposeAll(): Promise<void> {
    for (const connector of await this.list()) {
      try {
        await connector[Symbol.asyncDispose]();
      } catch (error) {
        this.logger.warn({ venue: connector.venue, err: error }, 'closing a connector failed');
      }
    }
  }
}
