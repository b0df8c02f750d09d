import type { PnlView } from '@speed-protocol/protocol';
import { clockTime, NOTHING } from '../../format.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import type { PnlSeries } from '../../live/trading/pnl-series.js';
import { usePage } from '../context.js';
import { Fact } from '../facts.js';
import { money, profit, tone } from './list.js';
import { PnlChart } from './pnl-chart.js';

/** The profit of one order, moving: its figures and its line. */
export function PnlPanel({ live }: { live: LiveAccount }) {
  const { trading } = usePage();
  const watched = [...live.pnl.values()];
  const series = watched.find(({ clientOrderId }) => clientOrderId === trading.drawn) ?? watched.at(-1);
  return (
    <section class="panel pnl" aria-label="Profit and loss" data-testid="pnl" data-open={series?.latest?.open ?? false}>
      <h2>
        Profit and loss
        {watched.length > 1 && (
          <select aria-label="Order" value={series?.clientOrderId} onChange={(event) => trading.draw(event.currentTarget.value)}>
            {watched.toReversed().map(({ clientOrderId, latest }) => (
              <option key={clientOrderId} value={clientOrderId}>
                {latest ? titleOf(latest) : clientOrderId}
              </option>
            ))}
          </select>
        )}
      </h2>
      {series?.latest ? <Watched pnl={series.latest} series={series} /> : <p class="empty">{whyEmpty(series)}</p>}
    </section>
  );
}

const titleOf = ({ side, quantity, symbol, entryTime }: PnlView): string =>
  `${side} ${quantity} ${symbol} ${clockTime(entryTime, false)}`;

function whyEmpty(series: PnlSeries | undefined): string {
  if (!series) return 'Place an order, or choose PnL in the order history: what it brings is drawn here.';
  return series.problem ?? 'Nothing of the order is filled yet.';
}

function Watched({ pnl, series }: { pnl: PnlView; series: PnlSeries }) {
  return (
    <>
      <dl class="facts">
        <div class={`fact last ${tone(pnl.netPnl)}`}>
          <dt>Net {pnl.settle}</dt>
          <dd data-testid="net-pnl">{profit(pnl.netPnl)}</dd>
        </div>
        <Fact label="Unrealised" tone={tone(pnl.unrealizedPnl)}>
          {profit(pnl.unrealizedPnl)}
        </Fact>
        <Fact label="Realised" tone={tone(pnl.realizedPnl)}>
          {profit(pnl.realizedPnl)}
        </Fact>
        <Fact label="Fees">{profit(pnl.fees)}</Fact>
        {Number(pnl.funding) !== 0 && <Fact label="Funding">{profit(pnl.funding)}</Fact>}
        <Fact label={`${pnl.side} ${pnl.open ? '' : '(closed)'}`}>{money(pnl.quantity)}</Fact>
        <Fact label="Entry">{money(pnl.entryPrice, 2)}</Fact>
        <Fact label="Mark">{pnl.markPrice === null ? NOTHING : money(pnl.markPrice, 2)}</Fact>
      </dl>
      <PnlChart series={series} unit={pnl.settle} />
    </>
  );
}
