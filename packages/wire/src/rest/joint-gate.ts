import type { Lane, Permit, RateGate } from './gate.js';

type Costs = Readonly<Record<string, number>>;

/**
 * Two gates as one: what a venue counts by address, shared by all accounts of this process, and what it counts by account.
 * Buckets must have different names. A request waits for the account's allowance first: that is the scarcer one, and it
 * then holds nothing that others could use.
 */
export function joinRateGates(shared: RateGate, own: RateGate): RateGate {
  const ownNames = new Set(own.usage().map(({ id }) => id));
  const split = splitter(ownNames);
  return {
    firstBucket: shared.firstBucket,
    async acquire(costs, options) {
      const parts = split(costs);
      const mine = parts.own && (await own.acquire(parts.own, options));
      try {
        return both(await shared.acquire(parts.shared, options), mine);
      } catch (error) {
        mine?.settle({ sent: false });
        throw error;
      }
    },
    tryAcquire(costs, lane?: Lane) {
      const parts = split(costs);
      const mine = parts.own && own.tryAcquire(parts.own, lane);
      if (parts.own && !mine) return undefined;
      const theirs = shared.tryAcquire(parts.shared, lane);
      if (!theirs) mine?.settle({ sent: false });
      return theirs && both(theirs, mine);
    },
    pause: (forMs, bucket) => (bucket !== undefined && ownNames.has(bucket) ? own : shared).pause(forMs, bucket),
    setLimit: (bucket, limit) => (ownNames.has(bucket) ? own : shared).setLimit(bucket, limit),
    usage: () => [...shared.usage(), ...own.usage()],
  };
}

interface Split {
  readonly shared: Costs;
  readonly own: Costs | undefined;
}

/** Fixed costs are split once. */
function splitter(ownNames: ReadonlySet<string>): (costs: Costs) => Split {
  const known = new WeakMap<Costs, Split>();
  return (costs) => {
    const found = known.get(costs);
    if (found) return found;
    const entries = Object.entries(costs);
    const mine = entries.filter(([id]) => ownNames.has(id));
    const split: Split = {
      shared: Object.freeze(Object.fromEntries(entries.filter(([id]) => !ownNames.has(id)))),
      own: mine.length === 0 ? undefined : Object.freeze(Object.fromEntries(mine)),
    };
    if (Object.isFrozen(costs)) known.set(costs, split);
    return split;
  };
}

function both(shared: Permit, own: Permit | undefined): Permit {
  if (!own) return shared;
  return {
    settle(outcome) {
      own.settle(outcome);
      shared.settle(outcome);
    },
  };
}
