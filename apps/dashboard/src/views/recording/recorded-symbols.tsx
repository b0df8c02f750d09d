import type { CommandResult } from '@speed-protocol/protocol';
import { fixed } from '../../format.js';
import type { MarketRef } from '../../live/choice.js';
import { formatRoute } from '../../route.js';

type Recorded = CommandResult<'recordings'>['symbols'];

interface Props {
  readonly symbols: Recorded;
  /** Whose prices are plotted. */
  readonly shown: MarketRef | undefined;
  readonly onStop: (market: MarketRef) => void;
}

/** One row per symbol that is being recorded. */
export function RecordedSymbols({ symbols, shown, onStop }: Props) {
  if (symbols.length === 0) return <p class="empty">Nothing is being recorded.</p>;
  return (
    <div class="scroll">
      <table data-testid="recorded-symbols">
        <thead>
          <tr>
            {['Symbol', 'Venue', 'Book', 'Events', 'Rate', 'Gaps', ''].map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {symbols.map(({ venue, symbol, book, events, eventsPerSecond, gaps, problems }) => (
            <tr key={`${venue}:${symbol}`} aria-current={venue === shown?.venue && symbol === shown.symbol ? 'true' : undefined}>
              <td>
                <a href={formatRoute({ view: 'recording', venue, symbol })}>{symbol}</a>
              </td>
              <td class="dim">{venue}</td>
              <td class={book === 'live' ? 'up' : 'warn'}>{book}</td>
              <td>{fixed(events, 0)}</td>
              <td>{fixed(eventsPerSecond, 1)}/s</td>
              <td class={gaps > 0 ? 'warn' : ''}>{fixed(gaps, 0)}</td>
              <td>
                {problems.length > 0 && (
                  <span class="down" title={problems.join('\n')}>
                    {problems.length} feeds ended
                  </span>
                )}
                <button type="button" class="quiet" onClick={() => onStop({ venue, symbol })}>
                  Stop<span class="sr"> recording {symbol}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
