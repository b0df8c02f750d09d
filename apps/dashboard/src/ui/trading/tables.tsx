import type { OrderView } from '@speed-protocol/protocol';
import { clockTime, NOTHING } from '../../format.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { usePage } from '../context.js';
import { List, Market, money, profit, Side, tone } from './list.js';
import { useCommand } from './use-command.js';

const OPEN_COLUMNS = ['Market', 'Side', 'Type', 'Price', 'Amount', 'Filled', 'Status', 'Placed', ''];

export function OpenOrders({ live }: { live: LiveAccount }) {
  return (
    <List name="open-orders" columns={OPEN_COLUMNS} empty="No open orders.">
      {live.open.map((order) => (
        <OpenOrder key={order.clientOrderId} live={live} order={order} />
      ))}
    </List>
  );
}

function OpenOrder({ live, order }: { live: LiveAccount; order: OrderView }) {
  const { trading } = usePage();
  const command = useCommand();
  const cancel = async () => {
    const refusal = await trading.cancel(order);
    if (refusal !== null) throw new Error(refusal);
  };
  return (
    <tr data-order={order.clientOrderId} data-status={order.status}>
      <Market live={live} symbol={order.symbol} />
      <Side side={order.side} />
      <td>{order.type ?? NOTHING}</td>
      <td>{money(order.price)}</td>
      <td>{money(order.amount)}</td>
      <td>{money(order.filled)}</td>
      <td class={order.status === 'UNKNOWN' ? 'warn' : ''} title={order.reason ?? ''}>
        {statusText(order)}
      </td>
      <td class="dim">{order.createdAt === 0 ? NOTHING : clockTime(order.createdAt, false)}</td>
      <td>
        {command.problem && <span class="warn">{command.problem} </span>}
        <button
          type="button"
          class="small"
          disabled={command.busy || !live.view.mayTrade}
          data-testid="cancel"
          onClick={() => void command.run(cancel)}
        >
          {command.busy ? 'Cancelling…' : 'Cancel'}
        </button>
      </td>
    </tr>
  );
}

const statusText = ({ status }: OrderView): string => status.replaceAll('_', ' ').toLowerCase();

const HISTORY_COLUMNS = ['Market', 'Side', 'Type', 'Price', 'Amount', 'Filled', 'Average', 'Status', 'Placed', ''];

export function History({ live }: { live: LiveAccount }) {
  const { trading } = usePage();
  return (
    <List name="order-history" columns={HISTORY_COLUMNS} empty="No order is over yet.">
      {live.over.map((order) => (
        <tr key={order.clientOrderId} data-order={order.clientOrderId} data-status={order.status}>
          <Market live={live} symbol={order.symbol} />
          <Side side={order.side} />
          <td>{order.type ?? NOTHING}</td>
          <td>{money(order.price)}</td>
          <td>{money(order.amount)}</td>
          <td>{money(order.filled)}</td>
          <td>{money(order.averagePrice)}</td>
          <td class={order.status === 'REJECTED' ? 'down' : ''} title={order.reason ?? ''}>
            {statusText(order)}
          </td>
          <td class="dim">{order.createdAt === 0 ? NOTHING : clockTime(order.createdAt, false)}</td>
          <td>
            {Number(order.filled) > 0 && (
              <button type="button" class="small" onClick={() => trading.watch(live, order.clientOrderId)}>
                PnL
              </button>
            )}
          </td>
        </tr>
      ))}
    </List>
  );
}

const FILL_COLUMNS = ['Market', 'Side', 'Price', 'Amount', 'Fee', 'Role', 'Realised', 'Time'];

export function Fills({ live }: { live: LiveAccount }) {
  return (
    <List name="fills" columns={FILL_COLUMNS} empty="No fills yet.">
      {live.fills.map((fill) => (
        <tr key={`${fill.symbol} ${fill.tradeId}`}>
          <Market live={live} symbol={fill.symbol} />
          <Side side={fill.side} />
          <td>{money(fill.price)}</td>
          <td>{money(fill.amount)}</td>
          <td>
            {money(fill.fee)} <small>{fill.feeCurrency ?? ''}</small>
          </td>
          <td class="dim">{fill.liquidity ?? NOTHING}</td>
          <td class={tone(fill.realizedPnl)}>{profit(fill.realizedPnl)}</td>
          <td class="dim">{clockTime(fill.time)}</td>
        </tr>
      ))}
    </List>
  );
}

const BALANCE_COLUMNS = ['Currency', 'Total', 'Free'];

export function Balances({ live }: { live: LiveAccount }) {
  const held = [...live.balances.values()].filter(({ total }) => Number(total) !== 0);
  return (
    <List name="balances" columns={BALANCE_COLUMNS} empty="Nothing is held.">
      {held.map(({ currency, total, free }) => (
        <tr key={currency}>
          <td>{currency}</td>
          <td>{money(total)}</td>
          <td>{money(free)}</td>
        </tr>
      ))}
    </List>
  );
}
