import { type CallOptions, type ErrorKind, type PluginContext, type PrivateEvent, SpeedError } from '@speed-protocol/core';
import { abortable, sleep } from '@speed-protocol/wire';
import { has } from '../capabilities.js';
import { type Clients, SETTLED_MS } from '../clients.js';
import type { CcxtConfig } from '../config.js';
import type { CcxtBridge } from '../exchange.js';
import type { CcxtExchange, Method } from '../types.js';
import { PRIVATE_ROWS, type PrivateRow } from './private.js';

/** What does not get better by trying again. */
const HOPELESS: ReadonlySet<ErrorKind> = new Set(['unauthorized', 'config', 'invalid-request']);
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** Private events of one account: ccxt's `watch` methods, for all who listen, until the last one leaves. */
export class PrivateStream {
  readonly #listeners = new Set<{ readonly on: (event: PrivateEvent) => void }>();
  #run: Run | undefined;

  constructor(
    private readonly bridge: CcxtBridge,
    private readonly clients: Clients,
    private readonly context: PluginContext<CcxtConfig>,
  ) {}

  /**
   * Resolves when the stream is up, however long that takes.
   * @throws SpeedError when it never will be: bad credentials, no such stream in ccxt, aborted
   */
  async subscribe(on: (event: PrivateEvent) => void, { signal }: CallOptions): Promise<AsyncDisposable> {
    const listener = { on };
    this.#listeners.add(listener);
    this.#run ??= this.#open();
    try {
      await abortable(this.#run.up, signal);
    } catch (error) {
      await this.#leave(listener);
      throw error;
    }
    return { [Symbol.asyncDispose]: () => this.#leave(listener) };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#run?.stop();
  }

  async #leave(listener: { readonly on: (event: PrivateEvent) => void }): Promise<void> {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#run?.stop();
    this.#run = undefined;
  }

  #open(): Run {
    const exchange = this.bridge.signed();
    const rows = PRIVATE_ROWS.filter((row) => has(exchange, row.watch));
    if (!rows.some(({ watch }) => watch === 'watchOrders')) {
      const { venue } = this.bridge;
      throw new SpeedError('unsupported', `${venue}: ccxt has no stream of orders of this exchange; ask for them`, { venue });
    }
    return new Run(rows, exchange, this.bridge, this.clients, this.context, (event) => this.#tell(event));
  }

  #tell(event: PrivateEvent): void {
    for (const { on } of [...this.#listeners]) {
      try {
        on(event);
      } catch (error) {
        const { logger } = this.context;
        logger.error({ venue: this.bridge.venue, error, type: event.type }, 'a listener to private events failed');
      }
    }
  }
}

/** One run of all the streams of an account: from the first listener to the last. */
class Run {
  readonly up: Promise<void>;
  readonly #aborter = new AbortController();
  #state: 'up' | 'down' | 'new' = 'new';
  #cancelSettling: () => void = () => {};
  #settleUp!: () => void;
  #refuse!: (error: SpeedError) => void;

  constructor(
    rows: readonly PrivateRow[],
    private readonly exchange: CcxtExchange,
    private readonly bridge: CcxtBridge,
    private readonly clients: Clients,
    private readonly context: PluginContext<CcxtConfig>,
    private readonly tell: (event: PrivateEvent) => void,
  ) {
    this.up = new Promise((resolve, reject) => {
      this.#settleUp = resolve;
      this.#refuse = reject;
    });
    this.up.catch(() => undefined);
    this.#settle();
    for (const row of rows) void this.#follow(row);
  }

  stop(): void {
    this.#cancelSettling();
    this.#aborter.abort();
    this.#refuse(new SpeedError('aborted', `${this.bridge.venue}: the private stream was closed`, { venue: this.bridge.venue }));
  }

  async #follow(row: PrivateRow): Promise<void> {
    const { signal } = this.#aborter;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const told = await (this.exchange as unknown as Readonly<Record<string, Method>>)[row.watch]!();
        if (signal.aborted) return;
        failures = 0;
        for (const event of row.read(told, this.#place())) this.tell(event);
      } catch (error) {
        if (signal.aborted) return;
        const problem = this.bridge.explained(error, row.watch);
        this.#down(problem);
        if (HOPELESS.has(problem.kind)) return;
        if (problem.kind === 'clock-skew') await this.bridge.learnTime(this.exchange);
        await sleep(this.context.clock, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++), signal).catch(
          () => undefined,
        );
      }
    }
  }

  #down(problem: SpeedError): void {
    const { logger } = this.context;
    logger.warn({ venue: this.bridge.venue, kind: problem.kind, error: problem.message }, 'a private stream broke');
    if (HOPELESS.has(problem.kind)) this.#refuse(problem);
    this.#cancelSettling();
    if (this.#state === 'up') this.#tellState('down', problem.message);
    if (!HOPELESS.has(problem.kind)) this.#settle();
  }

  /** Up when nothing has broken for a while and all connections are. */
  #settle(): void {
    this.#cancelSettling();
    this.#cancelSettling = this.context.clock.schedule(SETTLED_MS, () => {
      if (!this.clients.isSettled(this.exchange)) return this.#settle();
      this.#tellState('up', 'connected');
      this.#settleUp();
    });
  }

  #tellState(state: 'up' | 'down', reason: string): void {
    this.#state = state;
    this.tell({ type: 'stream', venue: this.bridge.venue, state, reason, receivedAt: this.context.clock.now() });
  }

  #place() {
    const { bridge, clients, exchange } = this;
    return { venue: bridge.venue, receivedAt: clients.receivedAt(exchange), reference: bridge.reference, orders: clients.orders };
  }
}
