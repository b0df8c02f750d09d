import { type CommandOptions, SpeedError } from '@speed-protocol/core';
import type { ApiSocket, Stamp, WriteStamped } from '../calls/api-socket.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import type { Params } from '../rest/endpoint.js';
import type { Lane, Permit } from '../rest/gate.js';

/** One private request, in the words of both ways. */
export interface Command<S extends Stamp = Stamp> {
  readonly endpoint: string;
  readonly lane: Lane;
  /** What REST sends and what the costs depend on. A function makes it at the last moment, percent-encoded: hot paths. */
  readonly params: Params | (() => string);
  /** The whole request on the order socket; absent where only REST has it. */
  readonly write?: WriteStamped<S> | undefined;
}

interface DoorsSpec<S extends Stamp> {
  readonly exchange: RestExchange;
  /** Absent where the environment has none. */
  readonly socket: ApiSocket<S> | undefined;
  /** Why requests would not be signed; absent when they would be. */
  readonly missing: string | undefined;
}

/**
 * The two ways out of an account: REST and the order socket. Commands take the socket while it is up; questions take REST,
 * so that what a sick socket hides is found by another way.
 */
export class Doors<S extends Stamp = Stamp> {
  readonly #spec: DoorsSpec<S>;

  constructor(spec: DoorsSpec<S>) {
    this.#spec = spec;
  }

  /**
   * Sends one request, once, and gives what is inside the answer's envelope.
   * @throws SpeedError `unauthorized` without credentials, `unsupported` when it has to go by a way that there is not; else
   * of the kind that the venue's answer or its absence means
   */
  async ask(command: Command<S>, options: CommandOptions): Promise<unknown> {
    this.assertCredentials();
    // Awaited here: a promise given back as it is takes two turns more.
    if (!this.#takesSocket(command, options)) return await this.#askRest(command, options);
    if (!this.#spec.socket!.isUp) await this.#socketUp(options);
    return await this.#askSocket(command, options);
  }

  /** @throws SpeedError `unauthorized`, `unsupported`: what {@link ask} would not send */
  check(command: Command<S>, options: CommandOptions): void {
    this.assertCredentials();
    this.#takesSocket(command, options);
  }

  /** @throws SpeedError `unauthorized` saying where credentials belong */
  assertCredentials(): void {
    const { missing, exchange } = this.#spec;
    if (missing !== undefined) throw new SpeedError('unauthorized', missing, { venue: exchange.venue });
  }

  status() {
    return this.#spec.socket?.status();
  }

  async close(): Promise<void> {
    await this.#spec.socket?.close();
  }

  #takesSocket({ write, lane }: Command<S>, { via }: CommandOptions): boolean {
    if (via === 'rest') return false;
    const { socket, exchange } = this.#spec;
    if (via === 'socket') {
      if (socket && write) return true;
      const why = socket ? 'this request goes over REST only' : 'the environment has no order socket';
      throw new SpeedError('unsupported', `${exchange.venue}: ${why}`, { venue: exchange.venue });
    }
    if (!socket || !write || lane === 'read') return false;
    if (socket.isUp) return true;
    // Ready for the next one; this one does not wait for it. Failures are logged, and tried again, by the socket.
    if (!socket.isWanted) socket.open().catch(() => undefined);
    return false;
  }

  async #askRest({ endpoint, params, lane }: Command<S>, { signal }: CommandOptions): Promise<unknown> {
    const { exchange } = this.#spec;
    const text = typeof params === 'function' ? params() : params;
    return exchange.unwrap(await exchange.client.call(endpoint, text, { lane, signal }));
  }

  /** @throws SpeedError whose outcome is known: nothing was sent */
  async #socketUp({ signal }: CommandOptions): Promise<void> {
    const { socket, exchange } = this.#spec;
    try {
      await socket!.open(signal);
    } catch (cause) {
      const { venue } = exchange;
      const message = `${venue}: no order socket, nothing was sent: ${(cause as Error).message}`;
      const { venueCode, retryAfterMs, kind = 'connection' } = SpeedError.is(cause) ? cause : ({} as Partial<SpeedError>);
      throw new SpeedError(kind, message, { venue, venueCode, retryAfterMs, cause, outcomeKnown: true });
    }
  }

  /** REST and the socket share the allowances. */
  async #askSocket({ endpoint, params, lane, write }: Command<S>, { signal }: CommandOptions): Promise<unknown> {
    const { socket, exchange } = this.#spec;
    const plain = typeof params === 'function' ? '' : params;
    const admitted: Permit | Promise<Permit> = exchange.client.admit(endpoint, plain, { lane, signal });
    const permit = admitted instanceof Promise ? await admitted : admitted;
    try {
      const { body, header } = await socket!.call(write!, { signal });
      permit.settle({ sent: true, header });
      return body;
    } catch (error) {
      permit.settle({ sent: !SpeedError.is(error) || !error.outcomeKnown || error.venueCode !== undefined });
      throw error;
    }
  }
}
