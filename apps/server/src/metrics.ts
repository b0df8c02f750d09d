import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Latency } from './latency.js';

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly uptimeMs: number;
  readonly clients: number;
  readonly channels: number;
}

/** What the server reads at scrape time instead of counting twice. */
export interface MetricSources {
  clients(): number;
  channels(): readonly { readonly feed: string; readonly subscribers: number }[];
  outbox(): { readonly frames: number; readonly bytes: number; readonly writes: number; readonly conflated: number };
  /** Accounts of the configuration by state. */
  accounts(): Readonly<Record<string, number>>;
  /** Sessions with account events, those that wait for their clients included. */
  sessions(): number;
  upstreams(): Promise<readonly { venue: string; connection: string; open: boolean; reconnects: number; topics: number }[]>;
}

const SECONDS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Prometheus metrics of one server. */
export class Metrics {
  readonly latency = new Latency();
  readonly #registry = new Registry();
  readonly #commands = this.#counter('commands_total', 'Commands by outcome', ['command', 'outcome']);
  readonly #events = this.#counter('events_total', 'Events encoded, by feed', ['feed']);
  readonly #cuts = this.#counter('cuts_total', 'Clients cut by the server, by reason', ['reason']);
  readonly #refused = this.#counter('refused_total', 'Requests and upgrades refused before they began, by reason', ['reason']);
  readonly #seconds = new Histogram({
    name: 'speed_server_latency_seconds',
    help: 'From the receipt of the bytes from the venue to the write to the clients',
    buckets: SECONDS,
    registers: [this.#registry],
  });
  cutCount = 0;

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('clients', 'Open client sockets', () => sources.clients());
    this.#gauge('channels', 'Open channels: one upstream subscription each', () => sources.channels().length);
    this.#gauge('account_sessions', 'Sessions with account events', () => sources.sessions());
    this.#accounts(sources);
    for (const key of ['frames', 'bytes', 'writes', 'conflated'] as const) {
      this.#sampled(`outbox_${key}_total`, `Outboxes of all clients: ${key}`, () => sources.outbox()[key]);
    }
    this.#upstreams(sources);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  onCommand(command: string, outcome: string): void {
    this.#commands.inc({ command, outcome });
  }

  onEvent(feed: string): void {
    this.#events.inc({ feed });
  }

  onCut(reason: string): void {
    this.cutCount++;
    this.#cuts.inc({ reason });
  }

  onRefused(reason: string): void {
    this.#refused.inc({ reason });
  }

  onLatency(ms: number): void {
    this.latency.add(ms);
    this.#seconds.observe(Math.max(0, ms) / 1000);
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name: `speed_server_${name}`, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `speed_server_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #accounts(sources: MetricSources): void {
    new Gauge({
      name: 'speed_server_accounts',
      help: 'Named accounts, by state',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [state, count] of Object.entries(sources.accounts())) this.set({ state }, count);
      },
    });
  }

  /** A counter that is kept elsewhere as a plain number, because it is counted on the hot path. */
  #sampled(name: string, help: string, read: () => number): void {
    new Counter({
      name: `speed_server_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #upstreams(sources: MetricSources): void {
    const labelNames = ['venue', 'connection'];
    const registers = [this.#registry];
    const reconnects = new Gauge({ name: 'speed_upstream_reconnects', help: 'Reconnects since start', labelNames, registers });
    const topics = new Gauge({ name: 'speed_upstream_topics', help: 'Subscribed topics', labelNames, registers });
    new Gauge({
      name: 'speed_upstream_open',
      help: '1 while the socket to the venue is open',
      labelNames,
      registers,
      async collect() {
        this.reset();
        for (const { venue, connection, ...row } of await sources.upstreams()) {
          this.set({ venue, connection }, row.open ? 1 : 0);
          reconnects.set({ venue, connection }, row.reconnects);
          topics.set({ venue, connection }, row.topics);
        }
      },
    });
  }
}
