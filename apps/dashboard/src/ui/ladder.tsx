import { compact, duration, fixed, NOTHING } from '../format.js';
import { bookAge, FRESHNESS_TEXT, freshness, isOld } from '../live/freshness.js';
import { type LadderRow, type LadderView, ladderView } from '../live/ladder.js';
import type { LiveMarket } from '../live/market.js';
import { useCells, usePage } from './context.js';
import type { Units } from './units.js';

interface LadderProps {
  readonly market: LiveMarket;
  readonly units: Units;
  /** Levels per side. */
  readonly depth: number;
  /** Prices of the user's own working orders: they are marked. */
  readonly own?: ReadonlySet<number> | undefined;
}

const EMPTY = { bids: [], asks: [] };

/** The book as a trader reads it: asks above, spread in the middle, bids below, sums as bars. Old books are stamped. */
export function Ladder({ market, units, depth, own }: LadderProps) {
  const { gateway, connection } = usePage();
  useCells(connection);
  const view = ladderView(market.book ?? EMPTY, depth, market.bookBefore);
  const state = freshness({ book: market.book, connected: gateway.connected });
  return (
    <div class={`ladder ${isOld(state) ? 'is-old' : ''}`} data-testid="ladder" data-state={state}>
      <table aria-label={`Order book of ${market.ref.symbol} on ${market.ref.venue}`}>
        <thead>
          <tr>
            <th scope="col">Price {units.price}</th>
            <th scope="col">Size {units.size}</th>
            <th scope="col">Sum</th>
          </tr>
        </thead>
        <Side side="ask" rows={[...view.asks].reverse()} missing={depth - view.asks.length} units={units} own={own} />
        <Spread view={view} units={units} />
        <Side side="bid" rows={view.bids} missing={depth - view.bids.length} units={units} own={own} />
      </table>
      {isOld(state) && <Stamp market={market} />}
    </div>
  );
}

interface SideProps {
  readonly side: 'bid' | 'ask';
  readonly rows: readonly LadderRow[];
  /** Levels the book does not have: their lines stay, so that nothing jumps. */
  readonly missing: number;
  readonly units: Units;
  readonly own: ReadonlySet<number> | undefined;
}

function Side({ side, rows, missing, units, own }: SideProps) {
  const blank = Array.from({ length: Math.max(0, missing) }, (_, at) => <BlankLine key={`blank${at}`} />);
  const lines = rows.map((row, at) => <Line key={at} row={row} units={units} isOwn={own?.has(row.price) === true} />);
  return <tbody class={side}>{side === 'ask' ? [...blank, ...lines] : [...lines, ...blank]}</tbody>;
}

function Line({ row, units, isOwn }: { row: LadderRow; units: Units; isOwn: boolean }) {
  const { picked } = usePage();
  return (
    // For the keyboard the order entry has the best price as a button.
    <tr class={`${row.changed ? 'changed' : ''} ${isOwn ? 'own' : ''}`} onClick={() => picked.tell(row.price)}>
      <td class="price">{fixed(row.price, units.priceDigits)}</td>
      <td>{fixed(row.size, units.sizeDigits)}</td>
      <td class="total">
        <i class="bar" style={{ transform: `scaleX(${row.share.toFixed(4)})` }} />
        <span>{row.total < 100_000 ? fixed(row.total, units.sizeDigits) : compact(row.total)}</span>
      </td>
    </tr>
  );
}

function BlankLine() {
  return (
    <tr class="blank">
      <td>&nbsp;</td>
      <td />
      <td />
    </tr>
  );
}

function Spread({ view, units }: { view: LadderView; units: Units }) {
  return (
    <tbody class="spread">
      <tr>
        <td class="mid" data-testid="mid">
          {fixed(view.mid, units.priceDigits + 1)}
        </td>
        <td colSpan={2}>
          spread <b>{fixed(view.spread, units.priceDigits)}</b>{' '}
          <span class="dim">
            {view.spreadBps === null ? NOTHING : `${view.spreadBps.toFixed(view.spreadBps < 0.1 ? 3 : 2)} bp`}
          </span>
        </td>
      </tr>
    </tbody>
  );
}

/** Across a book that must not be read as current: the word, the reason, the age. */
function Stamp({ market }: { market: LiveMarket }) {
  const { gateway, clock, now } = usePage();
  useCells(clock);
  const state = freshness({ book: market.book, connected: gateway.connected });
  const age = bookAge({ book: market.book, arrivedAt: market.bookArrivedAt, now: now() });
  const { stamp, why } = FRESHNESS_TEXT[state];
  const problem = market.problems.get('book');
  return (
    <div class={`stamp stamp-${state}`} data-testid="stamp">
      <strong>{stamp}</strong>
      <span>{problem ?? why}</span>
      {age !== null && <span>last change {duration(age)} ago</span>}
    </div>
  );
}
