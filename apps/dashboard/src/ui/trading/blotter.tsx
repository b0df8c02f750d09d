import { useEffect, useState } from 'preact/hooks';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { usePage } from '../context.js';
import { AccountBar } from './account-bar.js';
import { PnlPanel } from './pnl-panel.js';
import { Positions } from './positions.js';
import { Balances, Fills, History, OpenOrders } from './tables.js';

/** How often marks and liquidation prices are asked for while somebody looks, ms. */
const HOLDINGS_MS = 3000;

const TABS = [
  ['positions', 'Positions', ({ positions }: LiveAccount) => positions.size],
  ['orders', 'Open orders', ({ open }: LiveAccount) => open.length],
  ['fills', 'Fills', ({ fills }: LiveAccount) => fills.length],
  ['history', 'Order history', ({ over }: LiveAccount) => over.length],
  ['balances', 'Balances', ({ balances }: LiveAccount) => balances.size],
] as const;
type Tab = (typeof TABS)[number][0];

interface BlotterProps {
  readonly venue: string;
  readonly accounts: readonly LiveAccount[];
  readonly live: LiveAccount;
}

/** What an account has working, done, and holds; and what its last orders have brought. */
export function Blotter({ venue, accounts, live }: BlotterProps) {
  const [tab, setTab] = useState<Tab>('orders');
  useHoldings(live, tab === 'positions' || tab === 'balances');
  return (
    <div class="blotter" data-testid="blotter">
      <section class="panel blotter-tables" aria-label="Account">
        <header>
          <div class="tabs" role="tablist">
            {TABS.map(([key, title, count]) => (
              <button key={key} type="button" role="tab" aria-selected={tab === key} data-tab={key} onClick={() => setTab(key)}>
                {title} <small>{count(live)}</small>
              </button>
            ))}
          </div>
          <AccountBar {...{ venue, accounts, live }} />
        </header>
        {live.problem && <p class="warn blotter-problem">{live.problem}</p>}
        <div class="scroll" role="tabpanel">
          <Table tab={tab} live={live} />
        </div>
      </section>
      <PnlPanel live={live} />
    </div>
  );
}

function Table({ tab, live }: { tab: Tab; live: LiveAccount }) {
  if (tab === 'orders') return <OpenOrders live={live} />;
  if (tab === 'fills') return <Fills live={live} />;
  if (tab === 'history') return <History live={live} />;
  return tab === 'positions' ? <Positions live={live} /> : <Balances live={live} />;
}

function useHoldings(live: LiveAccount, isShown: boolean): void {
  const { trading, gateway } = usePage();
  useEffect(() => {
    if (!isShown) return;
    const ask = () => void (gateway.connected && !document.hidden && trading.refreshHoldings(live));
    ask();
    const timer = setInterval(ask, HOLDINGS_MS);
    return () => clearInterval(timer);
  }, [live, isShown]);
}
