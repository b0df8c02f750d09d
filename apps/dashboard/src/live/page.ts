import { Cell, FrameBatch, type FrameScheduler } from './cell.js';
import { Directory } from './directory.js';
import type { Gateway } from './gateway.js';
import { Markets } from './markets.js';
import { Picked } from './trading/picked.js';
import { Trading } from './trading/trading.js';
import { Watchlist } from './watchlist.js';

/** How often ages and countdowns are redrawn, and the server's state is asked for, ms. */
const CLOCK_MS = 250;
const STATUS_MS = 2000;

/** Everything the components share. */
export interface Page {
  readonly gateway: Gateway;
  readonly directory: Directory;
  readonly markets: Markets;
  readonly watchlist: Watchlist;
  readonly trading: Trading;
  /** Prices that were clicked. */
  readonly picked: Picked;
  /** Touched when the connection comes or goes. */
  readonly connection: Cell;
  /** Touched several times a second: ages and countdowns. */
  readonly clock: Cell;
  now(): number;
}

export interface PageOutside {
  readonly gateway: Gateway;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly frames: FrameScheduler;
  readonly every: (ms: number, run: () => void) => void;
  readonly later: (ms: number, run: () => void) => void;
  readonly now: () => number;
}

/** Wires the page's state to its outside and starts asking the server. */
export function createPage({ gateway, storage, frames, every, later, now }: PageOutside): Page {
  const batch = new FrameBatch(frames);
  const cell = () => new Cell(batch);
  const directory = new Directory(gateway, cell());
  const page: Page = {
    gateway,
    directory,
    markets: new Markets(gateway, batch, now),
    watchlist: new Watchlist(storage, cell()),
    trading: new Trading(gateway, storage, cell(), later),
    picked: new Picked(),
    connection: cell(),
    clock: cell(),
    now,
  };
  gateway.onConnection(() => {
    page.connection.touch();
    if (gateway.connected) void directory.refresh();
  });
  if (gateway.connected) void directory.refresh();
  page.trading.start();
  every(CLOCK_MS, () => page.clock.touch());
  every(STATUS_MS, () => void (gateway.connected && directory.refreshStatus()));
  return page;
}
