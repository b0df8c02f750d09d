import type { PositionView } from '@speed-protocol/protocol';
import { useState } from 'preact/hooks';
import { NOTHING } from '../../format.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import type { Wish } from '../../live/trading/ticket.js';
import { usePage } from '../context.js';
import { unitsOf } from '../units.js';
import { ConfirmOrder } from './confirm-order.js';
import { List, Market, money, profit, tone } from './list.js';

const COLUMNS = ['Market', 'Side', 'Amount', 'Entry', 'Mark', 'Liquidation', 'Unrealised', 'Leverage', 'Margin', ''];

export function Positions({ live }: { live: LiveAccount }) {
  return (
    <List name="positions" columns={COLUMNS} empty="No open positions.">
      {[...live.positions].map(([key, position]) => (
        <Position key={key} live={live} position={position} />
      ))}
    </List>
  );
}

function Position({ live, position }: { live: LiveAccount; position: PositionView }) {
  const { symbol, amount, positionSide, entryPrice, markPrice, liquidationPrice, unrealizedPnl, leverage, marginMode } = position;
  return (
    <tr data-symbol={symbol}>
      <Market live={live} symbol={symbol} />
      <td class={tone(amount)}>{positionSide ?? (Number(amount) > 0 ? 'long' : 'short')}</td>
      <td>{money(amount)}</td>
      <td>{money(entryPrice, 4)}</td>
      <td>{money(markPrice, 4)}</td>
      <td>{money(liquidationPrice, 2)}</td>
      <td class={tone(unrealizedPnl)}>{profit(unrealizedPnl)}</td>
      <td>{leverage === null ? NOTHING : `${leverage}×`}</td>
      <td class="dim">{marginMode ?? NOTHING}</td>
      <td>
        <Close live={live} position={position} />
      </td>
    </tr>
  );
}

/** Closes a position at market, after the same question as every order. */
function Close({ live, position }: { live: LiveAccount; position: PositionView }) {
  const { directory } = usePage();
  const [asked, setAsked] = useState<Wish | null>(null);
  const instrument = directory.instrument({ venue: live.view.venue, symbol: position.symbol });
  if (!instrument || !live.view.mayTrade) return null;
  return (
    <>
      <button type="button" class="small" data-testid="close-position" onClick={() => setAsked(closing(position))}>
        Close
      </button>
      {asked && (
        <ConfirmOrder
          {...{ wish: asked, instrument, units: unitsOf(instrument), live }}
          onClose={() => setAsked(null)}
          onPlaced={() => setAsked(null)}
        />
      )}
    </>
  );
}

/** The order that leaves nothing of a position. In hedge mode the leg says what is closed, and reduce-only is not said. */
function closing({ symbol, amount, positionSide }: PositionView): Wish {
  const isLong = Number(amount) > 0;
  return {
    ...{ symbol, type: 'market', side: isLong ? 'sell' : 'buy', amount: amount.replace('-', '') },
    ...(positionSide === null ? { reduceOnly: true } : { positionSide }),
  };
}
