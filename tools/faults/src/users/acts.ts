import { SYMBOLS, VENUE } from './arena.js';
import type { RawClient } from './client.js';
import { accountsOf, type UserName } from './world.js';

/** mulberry32 */
export function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Who acts, on which connection, and what may be known of the other user to attack with. */
export interface Scene {
  readonly random: () => number;
  readonly user: UserName;
  readonly other: UserName;
  readonly client: RawClient;
  /** Names the connection in references of its orders. */
  readonly label: string;
  /** Client order ids of a user, newest last. */
  ordersOf(user: UserName): readonly string[];
  /** The other user's session. */
  readonly foreignSession: string;
  fail(problem: string): void;
}

type Act = (scene: Scene) => Promise<unknown> | undefined | void;

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const own = ({ random, user }: Scene): string => pick(random, accountsOf(user));
const symbolOf = ({ random }: Scene): string => pick(random, SYMBOLS);
const amountOf = ({ random }: Scene): string => (Math.ceil(random() * 1000) / 1000).toFixed(3);
const accountOf = (id: string): string => /^x-(\w+-\w+)-/.exec(id)?.[1] ?? '';
let refs = 0;

function recent({ random, ordersOf }: Scene, user: UserName): string | undefined {
  const ids = ordersOf(user);
  return ids[ids.length - 1 - Math.floor(random() * Math.min(50, ids.length))];
}

function onOwn(command: string, params: object = {}): Act {
  return (scene) => {
    const id = recent(scene, scene.user);
    return id === undefined ? undefined : scene.client.call(command, { account: accountOf(id), clientOrderId: id, ...params });
  };
}

/** Every command with another user's account: it must not even exist. */
const COMMANDS_ON_ACCOUNTS: Readonly<Record<string, object>> = {
  place: { symbol: 'BTC/USDT', side: 'buy', type: 'market', amount: '1' },
  amend: { clientOrderId: 'ORDER', price: '90' },
  cancel: { clientOrderId: 'ORDER' },
  cancel_all: {},
  order: { clientOrderId: 'ORDER' },
  orders: {},
  fills: {},
  balances: {},
  positions: {},
  analyze_and_place: { symbol: 'BTC/USDT', side: 'buy', quote: 100 },
  watch_pnl: { clientOrderId: 'ORDER' },
  stop_pnl: { clientOrderId: 'ORDER' },
  kill_switch: { on: true },
  shutdown: {},
};

async function useForeignAccount(scene: Scene): Promise<void> {
  const account = pick(scene.random, accountsOf(scene.other));
  const id = recent(scene, scene.other) ?? 'x-1';
  const command = pick(scene.random, Object.keys(COMMANDS_ON_ACCOUNTS));
  const params = JSON.parse(JSON.stringify(COMMANDS_ON_ACCOUNTS[command]).replace('ORDER', id)) as object;
  const reply = await scene.client.call(command, { account, ...params }, [account, id]);
  const { kind } = (reply['error'] ?? {}) as { kind?: string };
  if (kind !== 'not-found' && kind !== 'connection')
    scene.fail(`${scene.user}: ${command} of ${account} gave ${JSON.stringify(reply)}`);
}

async function useForeignOrder(scene: Scene): Promise<void> {
  const id = recent(scene, scene.other);
  if (!id) return;
  const command = pick(scene.random, ['cancel', 'order', 'watch_pnl']);
  const reply = await scene.client.call(command, { account: own(scene), clientOrderId: id }, [id]);
  const { kind } = (reply['error'] ?? {}) as { kind?: string };
  if (kind !== 'not-found' && kind !== 'connection')
    scene.fail(`${scene.user}: ${command} of ${id} gave ${JSON.stringify(reply)}`);
}

async function useForeignSession(scene: Scene): Promise<void> {
  const reply = await scene.client.call('resume', { session: scene.foreignSession, after: 0, follow: 'own' });
  const { resumed } = (reply['result'] ?? {}) as { resumed?: boolean };
  if (resumed === true) scene.fail(`${scene.user} resumed a session of ${scene.other}`);
}

function actAsPrototype(action: string, params: (scene: Scene) => object): Act {
  return (scene) => {
    scene.client.act({ user_id: scene.user, account_name: own(scene) });
    scene.client.act({ action, exchange: VENUE, is_testnet: true, params: params(scene) });
  };
}

function attackAsPrototype(scene: Scene): void {
  const account = pick(scene.random, accountsOf(scene.other));
  const id = recent(scene, scene.other) ?? 'x-1';
  // Who says to be somebody else is told nothing of them.
  scene.client.act({ user_id: scene.user, account_name: own(scene) });
  const action = pick(scene.random, ['get_order', 'cancel_order', 'get_account_info', 'amend_order']);
  scene.client.act({ action, exchange: VENUE, account_name: account, params: { order_id: id, price: 90 } }, [account, id]);
}

const limitPrice = ({ random }: Scene, side: string): number => (side === 'buy' ? 90 : 110) + Math.floor(random() * 5);

/** What users do, and how often. */
export const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [
    24,
    (scene) => {
      const side = pick(scene.random, ['buy', 'sell']);
      const price = String(limitPrice(scene, side));
      const ref = `${scene.label}-${++refs}`;
      const wish = { account: own(scene), symbol: symbolOf(scene), side, type: 'limit', amount: amountOf(scene), price, ref };
      return scene.client.call('place', wish);
    },
  ],
  [
    12,
    (scene) => {
      const side = pick(scene.random, ['buy', 'sell']);
      const ref = `${scene.label}-${++refs}`;
      const wish = { account: own(scene), symbol: symbolOf(scene), side, type: 'market', amount: amountOf(scene), ref };
      return scene.client.call('place', wish);
    },
  ],
  [20, onOwn('cancel')],
  [6, onOwn('amend', { price: '95' })],
  [6, onOwn('order')],
  [3, onOwn('watch_pnl')],
  [2, onOwn('stop_pnl')],
  [0.3, (scene) => scene.client.call('orders', { account: own(scene), open: true, limit: 20 })],
  [0.3, (scene) => scene.client.call('fills', { account: own(scene), symbol: symbolOf(scene), limit: 20 })],
  [2, (scene) => scene.client.call('balances', { account: own(scene) })],
  [2, (scene) => scene.client.call('positions', { account: own(scene) })],
  [2, (scene) => scene.client.call('accounts', {})],
  [1, (scene) => scene.client.call('status', {})],
  [0.3, (scene) => scene.client.call('cancel_all', { account: own(scene), symbol: symbolOf(scene) })],
  [2, (scene) => scene.client.call('analyze', { venue: VENUE, symbol: symbolOf(scene), side: 'buy', quote: 1000 })],
  [
    2,
    (scene) => scene.client.call('analyze_and_place', { account: own(scene), symbol: symbolOf(scene), side: 'sell', quote: 500 }),
  ],
  [1, (scene) => scene.client.call('subscribe', { feed: 'book', venue: VENUE, symbol: symbolOf(scene) })],
  [1, (scene) => scene.client.call('unsubscribe', { channel: `book:${VENUE}:${symbolOf(scene)}` })],
  [0.3, (scene) => scene.client.call('kill_switch', { account: own(scene), on: true })],
  [3, (scene) => scene.client.call('kill_switch', { account: own(scene), on: false })],
  [0.05, (scene) => scene.client.call('shutdown', { account: own(scene) })],
  [6, useForeignAccount],
  [4, useForeignOrder],
  [1, useForeignSession],
  [2, actAsPrototype('place_limit_order', (scene) => ({ symbol: symbolOf(scene), side: 'buy', amount: 0.5, price: 91.5 }))],
  [2, actAsPrototype('place_market_order', (scene) => ({ symbol: symbolOf(scene), side: 'sell', amount: 0.25 }))],
  [0.5, actAsPrototype('cancel_order', (scene) => ({ order_id: recent(scene, scene.user) ?? 'x' }))],
  [0.5, actAsPrototype('get_order', (scene) => ({ order_id: recent(scene, scene.user) ?? 'x' }))],
  [0.5, actAsPrototype('get_account_info', () => ({}))],
  [0.5, actAsPrototype('stop_pnl', () => ({}))],
  [2, attackAsPrototype],
];
