import type { Instrument } from '@speed-protocol/core';
import type { OrderView } from '@speed-protocol/protocol';
import { useEffect, useState } from 'preact/hooks';
import { compact, fixed } from '../../format.js';
import type { LiveMarket } from '../../live/market.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { checkDraft, type Draft, type Wish } from '../../live/trading/ticket.js';
import { usePage } from '../context.js';
import type { Units } from '../units.js';
import { ConfirmOrder } from './confirm-order.js';
import { OrderResult } from './order-result.js';

interface TicketProps {
  readonly market: LiveMarket;
  readonly instrument: Instrument;
  readonly units: Units;
  readonly live: LiveAccount;
}

const EMPTY: Draft = { side: 'buy', type: 'limit', price: '', amount: '', timeInForce: 'GTC', reduceOnly: false };
const TIMES: readonly (readonly [Draft['timeInForce'], string])[] = [
  ['GTC', 'Good till cancelled'],
  ['IOC', 'Immediate or cancel'],
  ['FOK', 'Fill or kill'],
  ['POST_ONLY', 'Post only'],
];

/** Order entry. Nothing is sent before the order was shown again and confirmed. */
export function Ticket({ market, instrument, units, live }: TicketProps) {
  const { picked } = usePage();
  const [draft, setDraft] = useState(EMPTY);
  const [asked, setAsked] = useState<Wish | null>(null);
  const [placed, setPlaced] = useState<OrderView | null>(null);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  useEffect(
    () => picked.listen((price) => change({ type: 'limit', price: price.toFixed(units.priceDigits) })),
    [units.priceDigits],
  );
  const touch = market.book?.[draft.side === 'buy' ? 'asks' : 'bids'][0]?.[0];
  const checked = checkDraft(draft, instrument, touch);
  const problem = (field: string) =>
    'problem' in checked && checked.field === field && draft[field as 'price'] !== '' ? checked.problem : null;
  const why = whyNot(live);
  return (
    <section class={`panel ticket ticket-${draft.side}`} aria-label="Order entry" data-testid="ticket">
      <h2>
        Order <span class="dim">{live.view.account}</span>
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if ('wish' in checked && why === null) setAsked(checked.wish);
        }}
      >
        <fieldset class="switch sides" aria-label="Side">
          {(['buy', 'sell'] as const).map((side) => (
            <button key={side} type="button" class={side} aria-pressed={draft.side === side} onClick={() => change({ side })}>
              {side}
            </button>
          ))}
        </fieldset>
        <fieldset class="switch" aria-label="Type">
          {(['limit', 'market'] as const).map((type) => (
            <button key={type} type="button" aria-pressed={draft.type === type} onClick={() => change({ type })}>
              {type}
            </button>
          ))}
        </fieldset>
        {draft.type === 'limit' && (
          <Field
            {...{ label: 'Price', unit: units.price, value: draft.price, problem: problem('price') }}
            onInput={(price) => change({ price })}
            hint={
              touch === undefined
                ? undefined
                : { text: fixed(touch, units.priceDigits), use: () => change({ price: touch.toFixed(units.priceDigits) }) }
            }
          />
        )}
        <Field
          {...{ label: 'Amount', unit: units.size, value: draft.amount, problem: problem('amount') }}
          onInput={(amount) => change({ amount })}
        />
        <div class="ticket-options">
          {draft.type === 'limit' && (
            <select
              aria-label="Time in force"
              value={draft.timeInForce}
              onChange={(event) => change({ timeInForce: event.currentTarget.value as Draft['timeInForce'] })}
            >
              {TIMES.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
          {instrument.kind !== 'spot' && (
            <label>
              <input
                type="checkbox"
                checked={draft.reduceOnly}
                onChange={(event) => change({ reduceOnly: event.currentTarget.checked })}
              />{' '}
              Reduce only
            </label>
          )}
        </div>
        <p class="ticket-value dim">
          Worth <b>{'value' in checked && checked.value !== null ? `${compact(checked.value)} ${instrument.quote}` : '–'}</b>
        </p>
        <button type="submit" class={`act ${draft.side}`} disabled={!('wish' in checked) || why !== null} data-testid="review">
          Review {draft.side} order
        </button>
        {why && <p class="warn">{why}</p>}
      </form>
      {placed && <OrderResult live={live} placed={placed} onClose={() => setPlaced(null)} />}
      {asked && (
        <ConfirmOrder
          {...{ wish: asked, instrument, units, live }}
          onClose={() => setAsked(null)}
          onPlaced={(order) => {
            setAsked(null);
            setPlaced(order);
          }}
        />
      )}
    </section>
  );
}

/** Why nothing can be placed now. */
function whyNot({ view }: LiveAccount): string | null {
  if (!view.mayTrade) return 'You may look at this account, but not trade.';
  if (view.killed) return 'The kill switch is on.';
  return view.state === 'ready' ? null : `The account is ${view.state}${view.reason ? `: ${view.reason}` : ''}.`;
}

interface FieldProps {
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly problem: string | null;
  /** A value that one click takes. */
  readonly hint?: { readonly text: string; use(): void } | undefined;
  onInput(value: string): void;
}

function Field({ label, unit, value, problem, hint, onInput }: FieldProps) {
  return (
    <label class={`field ${problem ? 'is-wrong' : ''}`}>
      <span>
        {label} <small>{unit}</small>
        {hint && (
          <button type="button" class="hint" title="Take the best price of the other side" onClick={hint.use}>
            {hint.text}
          </button>
        )}
      </span>
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        aria-label={label}
        aria-invalid={problem !== null}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <em role="status">{problem ?? ''}</em>
    </label>
  );
}
