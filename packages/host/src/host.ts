import 'reflect-metadata';
import { type Clock, type Logger, silentLogger, systemClock, TOKENS } from '@speed-protocol/core';
import { type DependencyContainer, container as root } from 'tsyringe';
import { EventBus } from './bus/event-bus.js';
import { DEFAULT_CONFIG } from './config/load.js';
import type { HostConfig } from './config/schema.js';
import { Connectors } from './connectors.js';
import { Plugins } from './discovery/plugins.js';
import { CREDENTIAL_STORE, type CredentialOptions, CredentialStore } from './keys/credentials.js';

export interface HostOptions {
  /** The app's directory: its own dependencies are where plugins are looked for. `import.meta.dirname` of the app. */
  readonly appDirectory: string;
  /** The project that the app runs in, whose dependencies count as well; default: the working directory; `null`: none. */
  readonly projectDirectory?: string | null | undefined;
  /** From `loadConfig`. */
  readonly config?: HostConfig | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Where the secrets of named accounts come from; default: the environment and the key file of the configuration. */
  readonly credentials?: CredentialOptions | undefined;
  /** Stops the host. */
  readonly signal?: AbortSignal | undefined;
  /** More export conditions for plugins, besides `node` and `import`. */
  readonly conditions?: readonly string[] | undefined;
  /** Venues that this host knows, whatever else is installed; default: all. */
  readonly venues?: readonly string[] | undefined;
}

/** What apps are built on: plugins, connectors, the bus, and the container that hands them out. */
export class Host implements AsyncDisposable {
  readonly plugins: Plugins;
  readonly connectors: Connectors;
  readonly bus: EventBus;
  readonly config: HostConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborted when the host stops. */
  readonly signal: AbortSignal;
  readonly #controller: AbortController;

  /** @param container a child container in which an app may replace any token before {@link createHost} resolves it */
  constructor(
    readonly container: DependencyContainer,
    controller: AbortController,
  ) {
    this.#controller = controller;
    this.signal = controller.signal;
    this.plugins = container.resolve<Plugins>(TOKENS.Plugins);
    this.config = container.resolve<HostConfig>(TOKENS.Config);
    this.logger = container.resolve<Logger>(TOKENS.Logger);
    this.clock = container.resolve<Clock>(TOKENS.Clock);
    this.bus = container.resolve<EventBus>(TOKENS.EventBus);
    this.connectors = container.resolve<Connectors>(TOKENS.Connectors);
  }

  /** Stops everything: connectors are closed, the signal is aborted. Twice is the same as once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.connectors[Symbol.asyncDispose]();
  }
}

/** Finds the plugins and puts the parts together. Imports no plugin and opens nothing. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { config = DEFAULT_CONFIG, logger = silentLogger, clock = systemClock, conditions, venues } = options;
  const project = options.projectDirectory === undefined ? process.cwd() : options.projectDirectory;
  const directories = project === null ? [options.appDirectory] : [project, options.appDirectory];
  const plugins = await Plugins.discover({
    directories,
    packages: config.plugins,
    conditions,
    venues,
    named: venuesNamed(config),
  });
  for (const { package: name, reason } of plugins.refused) logger.warn({ plugin: name }, `plugin refused: ${reason}`);
  const controller = linkedController(options.signal);
  const container = root.createChildContainer();
  container.register(TOKENS.Config, { useValue: config });
  container.register(TOKENS.Logger, { useValue: logger });
  container.register(TOKENS.Clock, { useValue: clock });
  container.register(TOKENS.Signal, { useValue: controller.signal });
  container.register(TOKENS.Plugins, { useValue: plugins });
  container.register(TOKENS.EventBus, { useValue: new EventBus(logger) });
  const credentials = new CredentialStore({ keyFile: config.keyFile, ...options.credentials });
  container.register(CREDENTIAL_STORE, { useValue: credentials });
  container.registerSingleton(TOKENS.Connectors, Connectors);
  return new Host(container, controller);
}

/** Venue ids that stand in a configuration. */
export function venuesNamed({ venues, accounts }: Pick<HostConfig, 'venues' | 'accounts'>): readonly string[] {
  return [...new Set([...Object.keys(venues), ...Object.values(accounts).map(({ venue }) => venue)])];
}

function linkedController(signal: AbortSignal | undefined): AbortController {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort();
  else signal?.addEventListener('abort', () => controller.abort(), { once: true, signal: controller.signal });
  return controller;
}
