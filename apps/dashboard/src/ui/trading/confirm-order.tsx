import type { Instrument } from '@speed-protocol/core';
import type { CommandResult, OrderView } from '@speed-protocol/protocol';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { compact, fixed, percent } from '../../format.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { type Wish, worthOf } from '../../live/trading/ticket.js';
import { usePage } from '../context.js';
import type { Units } from '../units.js';
import { Environment } from './account-bar.js';
import { Modal } from './modal.js';
import { useCommand } from './use-command.js';

interface ConfirmOrderProps {
  readonly wish: Wish;
  readonly instrument: Instrument;
  readonly units: Units;
  readonly live: LiveAccount;
  onPlaced(order: OrderView): void;
  onClose(): void;
}

type Analysis = CommandResult<'analyze'>;

/** The order once more, in full, with what it would pay; sent when the user says so, and once however often that is said. */
export function ConfirmOrder({ wish, instrument, units, live, onPlaced, onClose }: ConfirmOrderProps) {
  const { trading } = usePage();
  const command = useCommand();
  const ref = useMemo(() => crypto.randomUUID(), []);
  const analysis = useAnalysis(wish, instrument);
  const { side, type, amount, price, timeInForce, reduceOnly } = wish;
  const send = () => command.run(async () => onPlaced(await trading.place(live, wish, ref)));
  const value = worthOf(
    Number(amount),
    price === undefined ? (analysis?.priceImpact.averagePrice ?? undefined) : Number(price),
    instrument,
  );
  return (
    <Modal
      {...{ title: `${side} ${instrument.symbol}?`, action: `Place ${side} order`, tone: side, busy: command.busy, onClose }}
      onConfirm={() => void send()}
    >
      <dl class="order-facts" data-testid="order-facts">
        <Row name="Account">
          {live.view.account} <Environment view={live.view} />
        </Row>
        <Row name="Venue">{instrument.venue}</Row>
        <Row name="Order">
          <b class={side === 'buy' ? 'up' : 'down'}>
            {side} {amount} {units.size}
          </b>{' '}
          {type === 'market' ? 'at market' : `at ${price} ${units.price}`}
        </Row>
        {type === 'limit' && <Row name="In force">{timeInForce ?? 'GTC'}</Row>}
        {reduceOnly && <Row name="Only">reduces a position</Row>}
        <Row name="Worth">{value === null ? '–' : `${compact(value)} ${instrument.quote}`}</Row>
        {type === 'market' && <Impact analysis={analysis} units={units} />}
      </dl>
      {command.problem && <p class="warn">{command.problem}</p>}
    </Modal>
  );
}

function Row({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the book says about a market order of this size. */
function useAnalysis({ symbol, side, amount, type }: Wish, { venue }: Instrument): Analysis | null {
  const { gateway } = usePage();
  const [analysis, setAnalysis] = useState<Analysis | null>(null);
  useEffect(() => {
    if (type !== 'market') return;
    gateway.call('analyze', { venue, symbol, side, contracts: Number(amount) }).then(setAnalysis, () => undefined);
  }, []);
  return analysis;
}

function Impact({ analysis, units }: { analysis: Analysis | null; units: Units }) {
  if (!analysis) return <Row name="Price">asking the book…</Row>;
  const { averagePrice, impactPercent, complete } = analysis.priceImpact;
  return (
    <>
      <Row name="Price">
        {fixed(averagePrice, units.priceDigits)} on average, {percent(impactPercent === null ? null : impactPercent / 100, 3)}{' '}
        from the middle
      </Row>
      {!complete && (
        <Row name="Book">
          <span class="warn">does not hold that much</span>
        </Row>
      )}
    </>
  );
}
