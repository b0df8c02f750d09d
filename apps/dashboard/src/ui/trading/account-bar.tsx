import type { AccountView } from '@speed-protocol/protocol';
import { useState } from 'preact/hooks';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { usePage } from '../context.js';
import { Modal } from './modal.js';
import { useCommand } from './use-command.js';

/** Which account, whether it can be relied on, and the two ways to stop everything. */
export function AccountBar({ venue, accounts, live }: { venue: string; accounts: readonly LiveAccount[]; live: LiveAccount }) {
  const { trading } = usePage();
  const { view } = live;
  return (
    <div class="account-bar" data-testid="account-bar" data-state={stateOf(live)}>
      <select aria-label="Account" value={view.account} onChange={(event) => trading.choose(venue, event.currentTarget.value)}>
        {accounts.map(({ view: each }) => (
          <option key={each.account}>{each.account}</option>
        ))}
      </select>
      <Environment view={view} />
      <span class={`dim ${stateOf(live) === 'ready' ? '' : 'warn'}`}>{STATE_TEXT[stateOf(live)]}</span>
      {view.mayTrade && <Stops live={live} />}
    </div>
  );
}

export function Environment({ view }: { view: AccountView }) {
  const isLive = view.environment === 'live';
  return <span class={`environment ${isLive ? 'is-live' : ''}`}>{isLive ? 'REAL MONEY' : view.environment}</span>;
}

type AccountState = 'ready' | 'opening' | 'failed' | 'closed' | 'killed' | 'unheard';

function stateOf({ view, streamUp }: LiveAccount): AccountState {
  if (view.killed) return 'killed';
  return view.state === 'ready' && !streamUp ? 'unheard' : view.state;
}

const STATE_TEXT: Readonly<Record<AccountState, string>> = {
  ready: '',
  opening: 'opening…',
  failed: 'could not be opened; it is tried again',
  closed: 'closed',
  killed: 'KILL SWITCH ON: nothing new is placed',
  unheard: 'private stream down: what the venue does is not heard',
};

/** What each stop asks before it does it. */
const STOPS = {
  cancel: {
    title: 'Cancel every open order?',
    action: 'Cancel all orders',
    text: 'Every working order of the account is cancelled, on all symbols.',
  },
  kill: {
    title: 'Stop trading?',
    action: 'Stop trading',
    text: 'Every working order is cancelled, and nothing new is placed for this account by anybody until trading is resumed.',
  },
} as const;

function Stops({ live }: { live: LiveAccount }) {
  const { trading } = usePage();
  const [asked, setAsked] = useState<keyof typeof STOPS | null>(null);
  const command = useCommand();
  const { killed, account } = live.view;
  const work = { cancel: () => trading.cancelAll(live), kill: () => trading.kill(live, true) };
  return (
    <span class="stops">
      {command.problem && <span class="warn">{command.problem}</span>}
      <button type="button" data-testid="cancel-all" disabled={live.open.length === 0} onClick={() => setAsked('cancel')}>
        Cancel all
      </button>
      {killed ? (
        <button type="button" data-testid="resume" onClick={() => void command.run(() => trading.kill(live, false))}>
          Resume trading
        </button>
      ) : (
        <button type="button" class="danger" data-testid="kill" onClick={() => setAsked('kill')}>
          Kill switch
        </button>
      )}
      {asked && (
        <Modal
          {...{ title: STOPS[asked].title, action: STOPS[asked].action, tone: 'danger', busy: command.busy }}
          onClose={() => setAsked(null)}
          onConfirm={() => void command.run(work[asked]).then(() => setAsked(null))}
        >
          <p>
            <b>{account}</b> <Environment view={live.view} />
          </p>
          <p>{STOPS[asked].text}</p>
        </Modal>
      )}
    </span>
  );
}
