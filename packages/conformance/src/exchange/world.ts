import type { Connector, ExchangeManifest, Logger } from '@speed-protocol/core';
import { type Dialect, type RunningSimulator, type SimulatorOptions, startSimulator } from '@speed-protocol/simulator';

/** An exchange plugin: its two halves, each reading the venue's documents by itself. */
export interface ExchangeUnderTest {
  /** Default export of the package. */
  readonly manifest: ExchangeManifest;
  /** Default export of its `./sim`. */
  readonly dialect: Dialect;
}

/** Virtual ms per step. */
const STEP_MS = 10;
/** Turns of the event loop between steps: what sockets carry needs a few to arrive. */
const TURNS_PER_STEP = 8;
/** Shorter than anything that a connection waits for. */
const LONG_STEP_MS = 250;
const LIMIT_MS = 120_000;

/** One turn of the event loop: what has arrived is read, what is written leaves. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A simulator in virtual time, and connectors that live in the same time: an hour takes seconds, and repeats. */
export class World implements AsyncDisposable {
  readonly #connectors: Connector[] = [];

  private constructor(
    private readonly plugin: ExchangeUnderTest,
    readonly venue: string,
    readonly sim: RunningSimulator,
  ) {}

  static async open(plugin: ExchangeUnderTest, venue: string, options: Partial<SimulatorOptions> = {}): Promise<World> {
    const defaults = { symbols: 2, clock: 'virtual', warmupMs: 5_000, flow: { liquidationSeconds: 2 } } as const;
    const sim = await startSimulator({ dialects: [plugin.dialect], venues: [venue], ...defaults, ...options });
    return new World(plugin, venue, sim);
  }

  get now(): number {
    return this.sim.clock.now();
  }

  /** Unified symbols that trade from the start. */
  get symbols(): readonly string[] {
    return this.#ready.symbols;
  }

  /** Everything that the simulated venue lists, whether it trades or not. */
  get listings() {
    const row = this.plugin.dialect.venues.find(({ id }) => id === this.venue);
    return row?.listing(this.sim.clock.now()) ?? [];
  }

  /** A connector on this world; `config` adds to what is needed to reach it. */
  connect(config: object = {}, logger?: Logger): Connector {
    const [rest] = Object.values(this.#ready.rest);
    const origin = new URL(rest as string).origin;
    const full = { environment: 'sim', origin, ...config };
    const { clock } = this.sim;
    const connector = this.plugin.manifest.create(this.venue, { config: full, clock, logger }) as unknown as Connector;
    this.#connectors.push(connector);
    return connector;
  }

  /** Credentials of the account that the simulation opens by itself, as a connector's configuration takes them. */
  get credentials(): object {
    return this.#ready.credentials ?? {};
  }

  /** Lets time pass in small steps, the network getting its turns in between, until the condition holds. */
  async until(done: () => boolean, what: string, limitMs = LIMIT_MS): Promise<void> {
    const end = this.now + limitMs;
    for (let turns = 0; !done(); turns++) {
      if (this.now >= end) throw new Error(`waited for ${what}: not within ${limitMs} ms of the simulation`);
      if (turns % TURNS_PER_STEP === TURNS_PER_STEP - 1) this.sim.clock.advance(STEP_MS);
      await turn();
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.until(() => this.now >= end, 'time to pass', ms + 1_000);
  }

  /** A long time, in steps that leave the network no more than its turns. */
  async passLong(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.now < end) {
      for (let turns = 0; turns < TURNS_PER_STEP; turns++) await turn();
      this.sim.clock.advance(LONG_STEP_MS);
    }
  }

  /** Lets time pass until the promise settles. */
  async settled<T>(promise: PromiseLike<T>, what: string, limitMs = LIMIT_MS): Promise<T> {
    let done = false;
    const watched = Promise.resolve(promise).finally(() => {
      done = true;
    });
    watched.catch(() => undefined);
    await this.until(() => done, what, limitMs);
    return watched;
  }

  /** The error that the promise rejects with. @throws Error when it resolves */
  async failure(promise: Promise<unknown>, what: string, limitMs = LIMIT_MS): Promise<unknown> {
    const outcome = promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const settled = await this.settled(outcome, what, limitMs);
    if ('error' in settled) return settled.error;
    throw new Error(`${what}: expected an error, got ${JSON.stringify(settled.value)?.slice(0, 200)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connector of this.#connectors) {
      await this.settled(Promise.resolve(connector[Symbol.asyncDispose]()), 'the connector to close');
    }
    await this.sim.close();
  }

  get #ready() {
    const ready = this.sim.ready.venues[this.venue];
    if (!ready) throw new Error(`the dialect does not simulate "${this.venue}"`);
    return ready;
  }
}
