import type { Directory } from '../live/directory.js';
import { Connections } from '../ui/connections.js';
import { useCells, usePage } from '../ui/context.js';
import { FundingTable } from '../ui/funding-table.js';
import { MarketCard } from '../ui/market-card.js';

/** Small ladders side by side, funding over all venues, the server's sockets. */
export function Overview() {
  const { directory, watchlist } = usePage();
  useCells(directory.cell, watchlist.cell);
  const shown = watchlist.markets(directory.defaults(), (ref) => directory.instrument(ref) !== undefined);
  return (
    <main class="overview">
      <h1 class="sr">Overview</h1>
      {shown.length === 0 ? (
        <Nothing />
      ) : (
        <div class="cards">
          {shown.map((ref) => (
            <MarketCard key={`${ref.venue}:${ref.symbol}`} market={ref} />
          ))}
        </div>
      )}
      <div class="below">
        <FundingTable />
        <Connections />
      </div>
    </main>
  );
}

function headline({ server, unanswered }: Directory): string {
  if (server === null) return 'Waiting for the server…';
  if (unanswered.length > 0) return `Asking ${unanswered.join(', ')} for markets…`;
  return 'No markets to show';
}

/** Why there is no market to show. */
function Nothing() {
  const { directory } = usePage();
  const problems = [...directory.problems].filter(([name]) => name !== 'status');
  return (
    <section class="panel nothing" aria-label="No markets">
      <h2>{headline(directory)}</h2>
      {directory.server && directory.venues.length === 0 && (
        <p>No exchange plugin is installed. Install one and restart the server.</p>
      )}
      {problems.map(([name, reason]) => (
        <p key={name}>
          <b>{name}</b>: {reason}
        </p>
      ))}
      {directory.server?.refused.map((plugin) => (
        <p key={plugin.package}>
          <b>{plugin.package}</b> was refused: {plugin.reason}
        </p>
      ))}
    </section>
  );
}
