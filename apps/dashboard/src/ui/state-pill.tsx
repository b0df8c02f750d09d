import { FRESHNESS_TEXT, type Freshness } from '../live/freshness.js';

/** The state of a book in one word; the colour only repeats what the word says. */
export function StatePill({ state }: { state: Freshness }) {
  return (
    <span class={`pill pill-${state}`} data-state={state} role="status">
      <i aria-hidden="true" />
      {FRESHNESS_TEXT[state].stamp.toLowerCase()}
    </span>
  );
}
