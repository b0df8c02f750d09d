import { useEffect, useRef, useState } from 'preact/hooks';
import { searchInstruments } from '../live/choice.js';
import { formatRoute } from '../route.js';
import { useCells, usePage } from './context.js';

const LIMIT = 40;

/** Finds a market of any installed venue by words; `/` jumps here, arrows and Enter choose. */
export function MarketPicker() {
  const { directory } = usePage();
  useCells(directory.cell);
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const names = new Map(directory.venues.map(({ id, name }) => [id, name]));
  const hits = open ? searchInstruments(directory.all(), names, query, LIMIT) : [];
  useEffect(() => focusOnSlash(input), []);

  const choose = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    location.hash = formatRoute({ view: 'market', venue: hit.venue, symbol: hit.symbol });
    setQuery('');
    setOpen(false);
    input.current?.blur();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt(Math.min(at + 1, hits.length - 1)),
    ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Enter: () => choose(at),
    Escape: () => input.current?.blur(),
  };
  return (
    <search class="picker">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Find a market of any venue"
        aria-expanded={open}
        aria-controls="picker-list"
        aria-activedescendant={hits[at] ? `picker-${at}` : undefined}
        placeholder="Find a market   /"
        autocomplete="off"
        spellcheck={false}
        value={query}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={(event) => {
          const run = keys[event.key];
          if (!run) return;
          event.preventDefault();
          run();
        }}
      />
      {open && (
        <div id="picker-list" class="picker-list" role="listbox" aria-label="Markets" tabIndex={-1}>
          {hits.map(({ venue, symbol, kind }, index) => (
            // Choosing on mousedown: a click would come after the blur that closes the list.
            <div
              key={`${venue}:${symbol}`}
              id={`picker-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onMouseDown={() => choose(index)}
              onMouseEnter={() => setAt(index)}
            >
              <b>{symbol}</b>
              <span class="dim">{kind}</span>
              <span class="dim">{names.get(venue) ?? venue}</span>
            </div>
          ))}
          {hits.length === 0 && <p class="empty">{query ? `Nothing matches “${query}”.` : 'No instruments yet.'}</p>}
        </div>
      )}
    </search>
  );
}

function focusOnSlash(input: { readonly current: HTMLInputElement | null }): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    input.current?.focus();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
