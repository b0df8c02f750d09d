import type { LedgerEntry } from '@speed-protocol/simulator';
import { positionSideOf } from '../trading/bodies.js';
import { balancesOf, type Entry, entryOf, type Happening, type UserEvent } from './happening.js';
import { money, type OrderText } from './order-text.js';

/** Why balances and positions moved, `m`; what is not here does not move an account by itself. */
const REASON: Readonly<Partial<Record<Entry<'balance'>['cause'], string>>> = {
  trade: 'ORDER',
  profit: 'ORDER',
  fee: 'ORDER',
  funding: 'FUNDING_FEE',
  deposit: 'DEPOSIT',
  insurance: 'INSURANCE_CLEAR',
};

/** Only what changed: balances and the position of a fill, the balance of a payment. */
export function accountUpdate(happening: Happening): readonly UserEvent[] {
  const [balances, position] = [balancesOf(happening), entryOf(happening, 'position')];
  const time = (balances.at(-1) ?? position)?.time;
  if (time === undefined) return [];
  const m = reasonOf(happening, balances.at(-1));
  const a = {
    m,
    B: balances.map((balance) => balanceOf(happening, balance)),
    P: position ? [positionOf(happening, position)] : [],
    ...(m === 'FUNDING_FEE' && { S: entryOf(happening, 'funding')?.symbol }),
  };
  return [{ e: 'ACCOUNT_UPDATE', E: happening.now, T: time, a }];
}

function reasonOf(happening: Happening, balance: Entry<'balance'> | undefined): string | undefined {
  if (balance) return REASON[balance.cause];
  return entryOf(happening, 'fill') ? 'ORDER' : 'MARGIN_TRANSFER';
}

/** `cw` leaves out what isolated positions set aside; `bc` is the change except by profit and fees. */
function balanceOf({ account }: Happening, { asset, total, change, cause }: Entry<'balance'>): unknown {
  const own = account.positions.filter(({ terms }) => terms.settle === asset);
  const setAside = own.reduce((sum, { wallet }) => sum + wallet, 0n);
  const bc = cause === 'profit' || cause === 'fee' ? '0' : money(change);
  return { a: asset, wb: money(total), cw: money(total - setAside), bc };
}

function positionOf(happening: Happening, { symbol, leg, size, cost, realized, wallet }: Entry<'position'>): unknown {
  const text = happening.text(symbol);
  const entry = text.mean(cost, Math.abs(size));
  return {
    s: symbol,
    pa: signed(text, size),
    ep: entry,
    bep: entry,
    cr: money(realized),
    up: money(happening.unrealized(symbol, leg)),
    mt: wallet === undefined ? 'cross' : 'isolated',
    iw: wallet === undefined ? '0' : money(wallet),
    ps: positionSideOf({ leg }),
    ma: text.terms.settle,
  };
}

function signed(text: OrderText, lots: number): string {
  return lots < 0 ? `-${text.size(-lots)}` : text.size(lots);
}

/** The last warning before positions are taken over. */
export function marginCall(happening: Happening): readonly UserEvent[] {
  const call = entryOf(happening, 'liquidation');
  if (!call) return [];
  const { account, now } = happening;
  const open = account.positions.filter(({ terms, size }) => terms.settle === call.asset && size !== 0);
  const p = open.map(({ terms, leg, size }) => {
    const text = happening.text(terms.symbol);
    const up = money(happening.unrealized(terms.symbol, leg));
    return {
      s: terms.symbol,
      ps: positionSideOf({ leg }),
      pa: signed(text, size),
      mt: 'CROSSED',
      iw: '0',
      up,
      mm: money(call.maintenance),
    };
  });
  return [{ e: 'MARGIN_CALL', E: now, cw: money(account.balance(call.asset).total), p }];
}

/** A new leverage. */
export function configUpdate(happening: Happening): readonly UserEvent[] {
  return happening.entries.filter(isLeverage).map(({ symbol, value, time }) => ({
    e: 'ACCOUNT_CONFIG_UPDATE',
    E: happening.now,
    T: time,
    ac: { s: symbol, l: value },
  }));
}

function isLeverage(entry: LedgerEntry): entry is Entry<'setting'> {
  return entry.kind === 'setting' && entry.setting === 'leverage';
}
