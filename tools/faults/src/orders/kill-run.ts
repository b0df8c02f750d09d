import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Instrument } from '@speed-protocol/core';
import { Random, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { connectAll, pluginsOf } from '../world.js';
import { compare, type Differences, isSame } from './compare.js';
import { type KillReport, killReportOf } from './report.js';
import type { Asking, Saying, Task } from './task.js';
import { ledgerView, type OurView } from './views.js';

export interface KillOptions {
  readonly seed: number;
  readonly venues: readonly string[];
  /** Over all venues. */
  readonly orders: number;
  readonly share: number;
  /** Mean ms between two orders of one venue, real time. */
  readonly everyMs: number;
  readonly kills: number;
  /** The child to run; default: the one beside this file. */
  readonly child?: string;
  readonly onProgress?: (text: string) => void;
}

const SYMBOLS = 2;
const PATIENCE_MS = 30_000;

/** A process that trades is killed again and again, and goes on from its journal each time; the simulator stays. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const began = performance.now();
  const { venues } = options;
  const { plugins, dialects } = await pluginsOf(venues);
  const journalDir = await mkdtemp(path.join(tmpdir(), 'speed-order-kills-'));
  const sim = await startSimulator({ dialects, venues, seed: options.seed, symbols: SYMBOLS, flow: { eventsPerSecond: 12 } });
  try {
    const instruments = new Map<string, readonly Instrument[]>();
    for (const connector of await connectAll(plugins, sim, sim.clock)) {
      instruments.set(connector.venue, await connector.reference.instruments());
      await connector[Symbol.asyncDispose]();
    }
    await using run = new KillRun(options, sim, journalDir, instruments);
    return killReportOf(await run.run(), Math.round(performance.now() - began) / 1000);
  } finally {
    await sim.close();
    await rm(journalDir, { recursive: true, force: true });
  }
}

class KillRun implements AsyncDisposable {
  #placed = 0;
  #child: ChildProcess | undefined;

  constructor(
    private readonly options: KillOptions,
    private readonly sim: RunningSimulator,
    private readonly journalDir: string,
    private readonly instruments: ReadonlyMap<string, readonly Instrument[]>,
  ) {}

  async run() {
    const random = new Random(this.options.seed, 'kills');
    const { kills, orders } = this.options;
    for (let n = 0; n < kills; n++) {
      // Spread over the run, and at any moment within it.
      await this.#tradeUntil(Math.round((orders * (n + random.next())) / (kills + 1)));
      this.options.onProgress?.(`killed ${n + 1} of ${kills} times, ${this.#placed} orders`);
    }
    const child = this.#start();
    const problems = [...(await hear(child, 'traded')).problems];
    this.sim.faults.clear();
    const { convergedMs, differences } = await this.#converge(child);
    child.send('finish' satisfies Asking);
    const finished = await hear(child, 'finished');
    problems.push(...finished.problems);
    if (child.exitCode === null) await once(child, 'exit');
    const last = await this.#compare(finished.views);
    const { seed } = this.options;
    return { seed, kills, orders: this.#placed, convergedMs, differences: [...differences, ...last], problems };
  }

  /** Kills the process as soon as so many orders are on their way in all. */
  async #tradeUntil(orders: number): Promise<void> {
    const child = this.#start();
    await new Promise<void>((resolve, reject) => {
      const kill = () => this.#placed >= orders && child.kill('SIGKILL');
      child.on('message', kill);
      child.once('exit', (code) => (code === null ? resolve() : reject(endedEarly(code, 'was killed'))));
      // One that has nothing left to do is killed while it starts or waits.
      child.on('message', (saying: Saying) => saying.type === 'traded' && child.kill('SIGKILL'));
    });
  }

  #start(): ChildProcess {
    const { seed, share, everyMs, orders, child = fileURLToPath(new URL('./child.js', import.meta.url)) } = this.options;
    const venues = Object.keys(this.sim.ready.venues).length;
    const task: Task = {
      seed,
      share,
      everyMs,
      ready: this.sim.ready,
      journalDir: this.journalDir,
      orders: Math.ceil(orders / venues),
    };
    const started = fork(child, [JSON.stringify(task)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    started.on('message', (saying: Saying) => {
      if (saying.type === 'placed') this.#placed++;
    });
    this.#child = started;
    return started;
  }

  /** A run that failed leaves nobody trading behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async #converge(child: ChildProcess): Promise<{ convergedMs: number | null; differences: Differences[] }> {
    const began = performance.now();
    for (;;) {
      child.send('view' satisfies Asking);
      const differences = await this.#compare((await hear(child, 'view')).views);
      const ms = Math.round(performance.now() - began);
      if (differences.every(isSame)) return { convergedMs: ms, differences };
      if (ms > PATIENCE_MS) return { convergedMs: null, differences };
    }
  }

  #compare(views: readonly OurView[]): Promise<Differences[]> {
    return Promise.all(
      views.map(async (ours) =>
        compare(ours, await ledgerView(this.sim.controlUrl, ours.venue), this.instruments.get(ours.venue)!),
      ),
    );
  }
}

/** The next saying of one kind. @throws Error when the process ends before */
function hear<T extends Saying['type']>(child: ChildProcess, type: T): Promise<Extract<Saying, { type: T }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (saying: Saying) => {
      if (saying.type !== type) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(saying as Extract<Saying, { type: T }>);
    };
    const onExit = (code: number | null) => reject(endedEarly(code, `had ${type}`));
    child.on('message', onMessage).once('exit', onExit);
  });
}

function endedEarly(code: number | null, before: string): Error {
  return new Error(`the trading process ended with ${code} before it ${before}; what it said is above`);
}
