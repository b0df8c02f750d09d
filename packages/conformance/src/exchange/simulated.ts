import type { Connector, Logger } from '@speed-protocol/core';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '@speed-protocol/simulator';
import { type ExchangeUnderTest, turn } from './world.js';

/** For the tests of a plugin: all its venues on one simulator in virtual time, and connectors that live in the same time. */
export class Simulated implements AsyncDisposable {
  readonly #plugin: ExchangeUnderTest;
  readonly #connectors: Connector[] = [];

  private constructor(
    plugin: ExchangeUnderTest,
    readonly sim: RunningSimulator,
  ) {
    this.#plugin = plugin;
  }

  static async start(plugin: ExchangeUnderTest, options: Partial<SimulatorOptions> = {}): Promise<Simulated> {
    const defaults = { symbols: 2, clock: 'virtual', warmupMs: 5_000 } as const;
    return new Simulated(plugin, await startSimulator({ dialects: [plugin.dialect], ...defaults, ...options }));
  }

  /** A connector without an account. */
  connect(venue: string, logger?: Logger): Connector {
    return this.#open(venue, {}, logger);
  }

  /** A connector of the account that the simulator opens by itself. */
  connectAccount(venue: string, more: object = {}): Connector {
    return this.#open(venue, { ...this.sim.ready.venues[venue]!.credentials, ...more });
  }

  #open(venue: string, more: object, logger?: Logger): Connector {
    const { rest } = this.sim.ready.venues[venue]!;
    const origin = rest['public'] ?? Object.values(rest)[0];
    const config = { environment: 'sim', origin: new URL(origin as string).origin, ...more };
    const { clock } = this.sim;
    const connector = this.#plugin.manifest.create(venue, { config, clock, logger }) as unknown as Connector;
    this.#connectors.push(connector);
    return connector;
  }

  /** Unified symbols that trade on the venue. */
  symbols(venue: string): readonly string[] {
    return this.sim.ready.venues[venue]!.symbols;
  }

  /** Lets time pass in small steps, the network getting its turns in between, until the condition holds. */
  async until(done: () => boolean, what: string, limitMs = 120_000): Promise<void> {
    const end = this.sim.clock.now() + limitMs;
    for (let turns = 0; !done(); turns++) {
      if (this.sim.clock.now() >= end) throw new Error(`${what}: not within ${limitMs} ms of the simulation`);
      if (turns % 8 === 7) this.sim.clock.advance(10);
      await turn();
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.sim.clock.now() + ms;
    await this.until(() => this.sim.clock.now() >= end, 'time to pass', ms + 1_000);
  }

  /** Lets time pass until the promise settles. */
  async settled<T>(promise: Promise<T>, what: string): Promise<T> {
    let done = false;
    const watched = promise.finally(() => {
      done = true;
    });
    watched.catch(() => undefined);
    await this.until(() => done, what);
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connector of this.#connectors) {
      const closed = Promise.resolve(connector[Symbol.asyncDispose]());
      await this.settled(closed, 'the connector to close');
    }
    await this.sim.close();
  }
}
