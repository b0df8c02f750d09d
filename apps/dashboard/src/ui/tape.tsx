import { clockTime, fixed } from '../format.js';
import type { LiveMarket } from '../live/market.js';
import { useOldness } from './context.js';
import type { Units } from './units.js';

const ROWS = 60;

/** The newest trades, newest first. The side is the taker's, in word, colour and arrow. */
export function Tape({ market, units }: { market: LiveMarket; units: Units }) {
  const old = useOldness(market);
  const problem = market.problems.get('trade');
  return (
    <section class="panel tape" aria-label="Trades">
      <h2>
        Trades
        {market.tapeGaps > 0 && <span class="warn">{market.tapeGaps} gaps</span>}
      </h2>
      {market.trades.length === 0 ? (
        <p class="empty">{problem ?? 'No trade since this page was opened.'}</p>
      ) : (
        <div class={`scroll ${old('trade')}`}>
          <table data-testid="tape">
            <thead>
              <tr>
                <th scope="col">Price {units.price}</th>
                <th scope="col">Size {units.size}</th>
                <th scope="col">Time</th>
              </tr>
            </thead>
            <tbody>
              {market.trades.slice(0, ROWS).map((trade) => (
                <tr key={trade.id} class={trade.side}>
                  <td class="price">
                    <i aria-hidden="true">{trade.side === 'buy' ? '▲' : '▼'}</i>
                    <span class="sr">{trade.side}</span>
                    {fixed(trade.price, units.priceDigits)}
                  </td>
                  <td>{fixed(trade.size, units.sizeDigits)}</td>
                  <td class="dim">{clockTime(trade.venueTime)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
