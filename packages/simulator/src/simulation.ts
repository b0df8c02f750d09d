import type { Accounts } from './accounts/accounts.js';
import type { VirtualClock } from './clock.js';
import type { Dialect, LimitOptions } from './dialect.js';
import type { Faults } from './faults/faults.js';
import type { FaultSchedule } from './faults/schedule.js';
import type { FaultSpec } from './faults/spec.js';
import type { FlowOptions } from './flow/order-flow.js';
import type { ReplayProgress } from './flow/replay-run.js';
import type { Oracle } from './oracle.js';
import type { VenueEndpoints } from './server/exchange.js';

export interface SimulatorOptions {
  /** Dialects: the default exports of the plugins' `./sim`. */
  readonly dialects: readonly Dialect[];
  /** Venue ids to run; default all that the dialects know. */
  readonly venues?: readonly string[] | undefined;
  /** Everything random follows from it. Default: drawn, see {@link RunningSimulator.seed}. */
  readonly seed?: number | undefined;
  /**
   * Markets that trade from the start: how many of each listing, or unified symbols (those a venue lacks are left out
   * there). The others open when first asked for. Default 3; with a replay those of the capture.
   */
  readonly symbols?: number | readonly string[] | undefined;
  /** First port: venues take it and the following ones, control comes last. Default: any free ports. */
  readonly port?: number | undefined;
  readonly flow?: Partial<FlowOptions> | undefined;
  readonly limits?: LimitOptions | undefined;
  /** Trading before the doors open, ms: gives tapes and candles a past. Default 20,000. */
  readonly warmupMs?: number | undefined;
  /** `virtual`: time stands still but for {@link RunningSimulator.clock}. A number: virtual, starting there. Default `real`. */
  readonly clock?: 'real' | 'virtual' | number | undefined;
  /** Faults from the start: single ones, and schedules (those have `everyMs`). */
  readonly faults?: readonly (FaultSpec | FaultSchedule)[] | undefined;
  /** Capture files (JSONL, `.gz` too) that drive their markets instead of the seeded flow, at the pace of the capture. */
  readonly replay?: readonly string[] | undefined;
  /** Book changes kept per market for the oracle. */
  readonly historyChanges?: number | undefined;
}

/** One venue of {@link ReadyLine}. */
export interface ReadyVenue extends VenueEndpoints {
  /** Unified symbols that trade from the start. */
  readonly symbols: readonly string[];
}

/** What `speed sim --json` prints. */
export interface ReadyLine {
  readonly ready: true;
  readonly seed: number;
  readonly control: string;
  readonly venues: Readonly<Record<string, ReadyVenue>>;
}

export interface RunningSimulator extends AsyncDisposable {
  readonly ready: ReadyLine;
  readonly seed: number;
  readonly controlUrl: string;
  /** The simulation's time; advance it by hand when it is virtual. */
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  readonly faults: Faults;
  /**
   * The accounts of a venue, and their ledger.
   * @throws SpeedError `not-found` when there is no such venue, or it has no trading half
   */
  accounts(venue: string): Accounts;
  /** How far the replay is; `undefined` without one. */
  replayProgress(): ReplayProgress | undefined;
  /** Faults at random from a seed, until the returned function is called. */
  scheduleFaults(schedule: FaultSchedule): () => void;
  /** Brings a simulation in real time to the present; nothing to do in virtual time. */
  catchUp(): void;
  close(): Promise<void>;
}
