import { useState } from 'preact/hooks';
import type { MarketRef } from '../../live/choice.js';
import { useCells, usePage } from '../../ui/context.js';

/** Names in the list below the symbol box. */
const SUGGESTED = 200;

/** Chooses an instrument to record. */
export function StartForm({ onStart }: { onStart: (market: MarketRef) => void }) {
  const { directory } = usePage();
  useCells(directory.cell);
  const [wish, setWish] = useState<MarketRef>({ venue: '', symbol: '' });
  const venue = wish.venue || directory.venues[0]?.id || '';
  const symbols = directory.all().filter((each) => each.venue === venue && each.symbol.includes(wish.symbol.toUpperCase()));
  return (
    <form
      class="recording-start"
      onSubmit={(event) => {
        event.preventDefault();
        if (wish.symbol !== '') onStart({ venue, symbol: wish.symbol });
      }}
    >
      <select
        aria-label="Venue to record"
        value={venue}
        onChange={(event) => setWish({ ...wish, venue: event.currentTarget.value })}
      >
        {directory.venues.map(({ id }) => (
          <option key={id}>{id}</option>
        ))}
      </select>
      <input
        type="text"
        aria-label="Symbol to record"
        placeholder="BTC/USDT"
        list="recordable"
        spellcheck={false}
        value={wish.symbol}
        onInput={(event) => setWish({ ...wish, symbol: event.currentTarget.value })}
      />
      <datalist id="recordable">
        {symbols.slice(0, SUGGESTED).map(({ symbol }) => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
      <button type="submit">Record</button>
    </form>
  );
}
