import { describe, expect, it } from 'vitest';
import { exchangeOf } from '../../test/accounts.js';
import { Ledger, type LedgerEntry } from './ledger.js';

const BODY = { kind: 'setting', setting: 'hedge-mode', symbol: undefined, value: 1 } as const;

describe('Ledger', () => {
  it('tells in one go what happened at once', () => {
    const { alice, bob, limit, take, placed, accounts } = exchangeOf('spot');
    const groups: (readonly LedgerEntry[])[] = [];
    const leave = accounts.ledger.listen((group) => groups.push(group));
    const first = accounts.ledger.entries.length;
    placed(alice, limit('buy', '1', '90000'));
    placed(bob, take('sell', '1'));
    leave();
    placed(alice, limit('buy', '1', '90000'));
    const kinds = groups.map((group) => [group[0]!.account, ...group.map((e) => ('cause' in e ? e.cause : e.kind))].join(' '));
    expect(kinds).toEqual([
      'alice new hold',
      'bob new',
      'alice trade fill hold trade trade fee',
      'bob trade fill trade trade fee',
    ]);
    expect(groups.flat()).toEqual(accounts.ledger.entries.slice(first, first + groups.flat().length));
  });

  it('is one entry a group when nothing holds them together, and one group when groups nest', () => {
    const ledger = new Ledger(() => 0);
    const sizes: number[] = [];
    ledger.listen((group) => sizes.push(group.length));
    ledger.append('a', BODY);
    ledger.together(() => {
      ledger.append('a', BODY);
      ledger.together(() => ledger.append('a', BODY));
      ledger.append('a', BODY);
    });
    ledger.together(() => {});
    expect(sizes).toEqual([1, 3]);
  });

  it('tells what had happened when the rest of a group fails', () => {
    const ledger = new Ledger(() => 0);
    const sizes: number[] = [];
    ledger.listen((group) => sizes.push(group.length));
    const fail = () =>
      ledger.together(() => {
        ledger.append('a', BODY);
        throw new Error('half way');
      });
    expect(fail).toThrow('half way');
    ledger.append('a', BODY);
    expect(sizes).toEqual([1, 1]);
  });

  it('forgets the oldest entries beyond what it keeps, and pages through the rest by id', () => {
    const ledger = new Ledger(() => 0, 100);
    for (let i = 0; i < 105; i++) ledger.append('a', BODY);
    expect([ledger.entries.length, ledger.entries[0]!.id, ledger.entries.at(-1)!.id]).toEqual([95, 11, 105]);
    expect(ledger.after(0, 2).map(({ id }) => id)).toEqual([11, 12]);
    expect(ledger.after(11, 2).map(({ id }) => id)).toEqual([12, 13]);
    expect(ledger.after(104, 5).map(({ id }) => id)).toEqual([105]);
    expect(ledger.after(105, 5)).toEqual([]);
  });
});
