import type { AccountView, BalanceView, FillView, OrderView, PnlView, PositionView } from '@speed-protocol/protocol';
import { table } from '../console.js';

/** One column: its heading, and what stands in it. */
type Column<T> = readonly [heading: string, cell: (row: T) => string | null];

const NOTHING = '-';
const time = (ms: number): string => (ms === 0 ? NOTHING : new Date(ms).toISOString().replace('T', ' ').slice(0, 19));

const render = <T>(columns: readonly Column<T>[], rows: readonly T[]): string =>
  table(
    columns.map(([heading]) => heading),
    rows.map((row) => columns.map(([, cell]) => cell(row) ?? NOTHING)),
  );

const ORDER: readonly Column<OrderView>[] = [
  ['ID', ({ clientOrderId }) => clientOrderId],
  ['SYMBOL', ({ symbol }) => symbol],
  ['SIDE', ({ side }) => side],
  ['TYPE', ({ type }) => type],
  ['PRICE', ({ price }) => price],
  ['AMOUNT', ({ amount }) => amount],
  ['FILLED', ({ filled }) => filled],
  ['AVERAGE', ({ averagePrice }) => averagePrice],
  ['STATUS', ({ status }) => status],
  ['PLACED', ({ createdAt }) => time(createdAt)],
  ['REASON', ({ reason }) => reason ?? ''],
];

const FILL: readonly Column<FillView>[] = [
  ['TRADE', ({ tradeId }) => tradeId],
  ['ORDER', ({ clientOrderId }) => clientOrderId],
  ['SYMBOL', ({ symbol }) => symbol],
  ['SIDE', ({ side }) => side],
  ['PRICE', ({ price }) => price],
  ['AMOUNT', ({ amount }) => amount],
  ['FEE', ({ fee, feeCurrency }) => (fee === null ? null : `${fee} ${feeCurrency ?? ''}`)],
  ['ROLE', ({ liquidity }) => liquidity],
  ['REALISED', ({ realizedPnl }) => realizedPnl],
  ['TIME', (fill) => time(fill.time)],
];

const POSITION: readonly Column<PositionView>[] = [
  ['SYMBOL', ({ symbol }) => symbol],
  ['SIDE', ({ positionSide, amount }) => positionSide ?? (amount.startsWith('-') ? 'short' : 'long')],
  ['AMOUNT', ({ amount }) => amount],
  ['ENTRY', ({ entryPrice }) => entryPrice],
  ['MARK', ({ markPrice }) => markPrice],
  ['LIQUIDATION', ({ liquidationPrice }) => liquidationPrice],
  ['UNREALISED', ({ unrealizedPnl }) => unrealizedPnl],
  ['LEVERAGE', ({ leverage }) => (leverage === null ? null : `${leverage}x`)],
  ['MARGIN', ({ marginMode }) => marginMode],
];

const BALANCE: readonly Column<BalanceView>[] = [
  ['CURRENCY', ({ currency }) => currency],
  ['TOTAL', ({ total }) => total],
  ['FREE', ({ free }) => free],
];

const ACCOUNT: readonly Column<AccountView>[] = [
  ['ACCOUNT', ({ account }) => account],
  ['VENUE', ({ venue }) => venue],
  ['ENVIRONMENT', ({ environment }) => environment],
  ['STATE', ({ state, killed }) => (killed ? `${state}, killed` : state)],
  ['TRADE', ({ mayTrade }) => (mayTrade ? 'yes' : 'look only')],
  ['REASON', ({ reason }) => reason ?? ''],
];

export const orderTable = (rows: readonly OrderView[]): string => (rows.length === 0 ? 'no orders\n' : render(ORDER, rows));
export const fillTable = (rows: readonly FillView[]): string => (rows.length === 0 ? 'no fills\n' : render(FILL, rows));
export const positionTable = (rows: readonly PositionView[]): string =>
  rows.length === 0 ? 'no open positions\n' : render(POSITION, rows);
export const accountTable = (rows: readonly AccountView[]): string =>
  rows.length === 0 ? 'no accounts\n' : render(ACCOUNT, rows);

/** What is held; nothing of a currency is not told. */
export function balanceTable(rows: readonly BalanceView[]): string {
  const held = rows.filter(({ total }) => Number(total) !== 0);
  return held.length === 0 ? 'nothing is held\n' : render(BALANCE, held);
}

/** One line of a profit that moves. */
export function pnlLine({
  symbol,
  side,
  quantity,
  entryPrice,
  markPrice,
  netPnl,
  settle,
  unrealizedPnl,
  realizedPnl,
  fees,
  open,
}: PnlView) {
  return (
    `${symbol} ${side} ${quantity} entry ${entryPrice} mark ${markPrice ?? NOTHING}  net ${netPnl ?? NOTHING} ${settle}  ` +
    `(unrealised ${unrealizedPnl ?? NOTHING}, realised ${realizedPnl}, fees ${fees})${open ? '' : '  closed'}`
  );
}
