import { randomBytes } from 'node:crypto';
import { SpeedClient } from '@speed-protocol/client';
import type { OrderView } from '@speed-protocol/protocol';
import { StressClient } from './client.js';
import { chooseMarkets } from './markets.js';
import { type StressReport, summarizeRun } from './report/report.js';
import type { ClientResult, Market, OrderResult, StressOptions } from './types.js';

const TIMEOUT_MS = 60_000;

/** A run: its figures, and every client behind them. */
export interface StressRun {
  readonly report: StressReport;
  readonly clients: readonly ClientResult[];
}

/**
 * Lets clients loose on a server, all at once, and counts honestly what became of their orders.
 * @throws SpeedError when the run cannot begin: no connection, no account, no market
 */
export async function runStress(options: StressOptions): Promise<StressRun> {
  const { url, token, openSocket, timeoutMs = TIMEOUT_MS } = options;
  const startedAt = Date.now();
  const preparing = performance.now();
  await using observer = new SpeedClient(url, { token, openSocket, reconnect: false, timeoutMs });
  const markets = await chooseMarkets(observer, options);
  const setupMs = performance.now() - preparing;
  const prefix = `stress-${randomBytes(4).toString('hex')}`;
  const { clients, wallMs } = await trade(options, markets, prefix, timeoutMs);
  const recorded = await recordsOf(observer, markets, prefix);
  return { report: summarizeRun({ options, markets, startedAt, setupMs, wallMs, clients, recorded }), clients };
}

/** Everything that is on the clock. */
async function trade(options: StressOptions, markets: readonly Market[], prefix: string, timeoutMs: number) {
  const { clients: count, ordersPerClient = 1 } = options;
  const progress = new Counting(options, count * ordersPerClient);
  const begun = performance.now();
  const run = { options, ordersPerClient, timeoutMs, prefix, now: () => performance.now() - begun, ...progress.hooks };
  const clients = Array.from({ length: count }, (_, at) => new StressClient(at, markets[at % markets.length]!, run));
  const leave = () => void Promise.all(clients.map((client) => client.leave()));
  options.signal?.addEventListener('abort', leave);
  const results = await Promise.all(clients.map((client) => client.trade()));
  options.signal?.removeEventListener('abort', leave);
  const ends = results.flatMap(({ orders }) => orders.map(({ sentAt, finalMs }) => (finalMs === null ? 0 : sentAt + finalMs)));
  // Taking leave is not part of it; an order that never became final is.
  const isComplete = results.every(({ orders }) => orders.every(({ finalMs }) => finalMs !== null));
  return { clients: results, wallMs: isComplete ? Math.max(...ends) : performance.now() - begun };
}

/** What the server has on record of the run; `null` for an account that cannot be asked. */
async function recordsOf(observer: SpeedClient, markets: readonly Market[], prefix: string): Promise<OrderView[] | null> {
  try {
    const lists = await Promise.all(markets.map(({ account, symbol }) => observer.account(account).orders({ symbol })));
    return lists.flat().filter(({ ref }) => ref?.startsWith(prefix));
  } catch {
    return null;
  }
}

class Counting {
  #connected = 0;
  #placed = 0;
  #done = 0;
  #failed = 0;

  constructor(
    private readonly options: StressOptions,
    private readonly orders: number,
  ) {}

  readonly hooks = {
    onConnected: () => {
      this.#connected++;
      this.#tell();
    },
    onPlaced: () => {
      this.#placed++;
      this.#tell();
    },
    onDone: ({ outcome }: OrderResult) => {
      this.#done++;
      if (outcome === 'error' || outcome === 'unknown') this.#failed++;
      this.#tell();
    },
  };

  #tell(): void {
    const { orders, options } = this;
    const { clients, onProgress } = options;
    onProgress?.({ clients, orders, connected: this.#connected, placed: this.#placed, done: this.#done, failed: this.#failed });
  }
}
