import { type ExchangeManifest, systemClock } from '@speed-protocol/core';
import { type FaultSpec, Random, type ReadyLine } from '@speed-protocol/simulator';
import { unfinished } from './compare.js';
import { Seat } from './seat.js';
import { Trader } from './trader.js';
import { type OurView, ourView } from './views.js';

/** What a process that may be killed at any time is told to do. */
export interface Task {
  readonly seed: number;
  readonly ready: ReadyLine;
  readonly journalDir: string;
  /** Of each venue; those on record are not placed again. */
  readonly orders: number;
  readonly everyMs: number;
  readonly share: number;
}

/** What it says. */
export type Saying =
  | { readonly type: 'placed' }
  /** All orders are sent and answered. */
  | { readonly type: 'traded'; readonly problems: readonly string[] }
  | { readonly type: 'view'; readonly views: readonly OurView[] }
  | { readonly type: 'finished'; readonly views: readonly OurView[]; readonly problems: readonly string[] };

/** What it is asked then. */
export type Asking = 'view' | 'finish';

export interface Wire {
  say(saying: Saying): void;
  onAsked(listener: (asking: Asking) => void): void;
}

/** Trades at all venues in real time, going on where an earlier process was ended; then answers questions. */
export async function work(task: Task, manifestOf: (venue: string) => Promise<ExchangeManifest>, wire: Wire): Promise<void> {
  const seats = await Promise.all(
    Object.entries(task.ready.venues).map(async ([venue, ready]) =>
      Seat.take({ venue, ready, manifest: await manifestOf(venue), journalDir: task.journalDir }),
    ),
  );
  const problems = (await Promise.all(seats.map((seat) => trade(task, seat, wire)))).flat();
  const viewAll = () => Promise.all(seats.map(({ account }) => ourView(account, systemClock)));
  await new Promise<void>((resolve) => {
    wire.onAsked(async (asking) => {
      if (asking === 'view') return wire.say({ type: 'view', views: await viewAll() });
      for (const { account } of seats) {
        const report = await account.shutdown();
        if (!report.confirmed) problems.push(`${account.venue}: the shutdown is not confirmed: ${JSON.stringify(report)}`);
      }
      const views = await viewAll();
      wire.say({ type: 'finished', views, problems: views.flatMap(unfinished) });
      resolve();
    });
    wire.say({ type: 'traded', problems });
  });
  for (const seat of seats) await seat[Symbol.asyncDispose]();
}

async function trade({ seed, orders, everyMs, share, ready }: Task, seat: Seat, wire: Wire): Promise<string[]> {
  const from = seat.account.orders().length;
  const faulty = new Random(seed, `faulty/${seat.venue}/${from}`);
  const options = {
    ...{ seed, everyMs, clock: systemClock, venue: seat.venue },
    wantsFault: () => faulty.chance(share),
    inject: (fault: FaultSpec) => inject(ready.control, fault),
    onPlaced: () => wire.say({ type: 'placed' }),
  };
  const trader = new Trader(options, async () => seat);
  await trader.run(from, Math.max(from, orders));
  await trader.answered();
  return trader.problems;
}

async function inject(controlUrl: string, fault: FaultSpec): Promise<number> {
  const response = await fetch(`${controlUrl}/__sim/faults`, { method: 'POST', body: JSON.stringify(fault) });
  return ((await response.json()) as { readonly id: number }).id;
}
