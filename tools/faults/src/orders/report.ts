import { type Differences, HEAL_MS } from './compare.js';

interface Outcome {
  readonly seed: number;
  readonly orders: number;
  /** From the end of the faults until all agreed, ms; `null` when it did not. */
  readonly convergedMs: number | null;
  readonly differences: readonly Differences[];
  readonly problems: readonly string[];
}

export interface OrderFaultFigures extends Outcome {
  readonly venues: readonly string[];
  readonly share: number;
  /** Orders that a fault struck. */
  readonly hit: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly restarts: number;
  readonly virtualSeconds: number;
}

interface Verdict {
  readonly duplicates: number;
  readonly lost: number;
  readonly wrongStates: number;
  /** Fills that only one side has, or that differ in price, amount, fee or profit. */
  readonly wrongFills: number;
  /** Balances and positions that differ. */
  readonly wrongMoney: number;
  readonly realSeconds: number;
  readonly ok: boolean;
}

export type OrderFaultReport = { readonly run: 'orders' } & Omit<OrderFaultFigures, 'differences'> & Verdict;
export type KillReport = { readonly run: 'kills'; readonly kills: number } & Omit<Outcome, 'differences'> & Verdict;

const PROBLEMS_SHOWN = 30;

/** Sums up a run of faults. */
export function reportOf({ differences, ...figures }: OrderFaultFigures, realSeconds: number): OrderFaultReport {
  const { hit, orders, share } = figures;
  const tooFew = hit < Math.floor(share * orders) ? [`only ${hit} of ${orders} orders were hit`] : [];
  const all = [...tooFew, ...problemsOf({ ...figures, differences })];
  return {
    run: 'orders',
    ...figures,
    ...countsOf(differences),
    problems: all.slice(0, PROBLEMS_SHOWN),
    realSeconds,
    ok: all.length === 0,
  };
}

/** Sums up a run of kills. */
export function killReportOf({ differences, ...figures }: Outcome & { readonly kills: number }, realSeconds: number): KillReport {
  const all = problemsOf({ ...figures, differences });
  return {
    run: 'kills',
    ...figures,
    ...countsOf(differences),
    problems: all.slice(0, PROBLEMS_SHOWN),
    realSeconds,
    ok: all.length === 0,
  };
}

function problemsOf({ convergedMs, differences, problems }: Outcome): string[] {
  const late = convergedMs === null || convergedMs > HEAL_MS;
  const keys = ['duplicates', 'lost', 'states', 'fills', 'money'] as const;
  return [
    ...(late ? [`agreement took ${convergedMs === null ? 'for ever' : `${convergedMs} ms`} after the last fault`] : []),
    ...keys.flatMap((key) => allOf(differences, key)),
    ...problems,
  ];
}

function countsOf(differences: readonly Differences[]) {
  const count = (key: keyof Differences) => allOf(differences, key).length;
  const [wrongStates, wrongFills, wrongMoney] = [count('states'), count('fills'), count('money')];
  return { duplicates: count('duplicates'), lost: count('lost'), wrongStates, wrongFills, wrongMoney };
}

function allOf(differences: readonly Differences[], key: keyof Differences): string[] {
  return [...new Set(differences.flatMap((each) => each[key]))];
}
