import type { OrderAct } from '../server/exchange.js';
import type { AnswerFate } from '../server/wire-faults.js';
import type { ActiveFault, FaultList } from './list.js';
import type { FaultKind, FaultSpec } from './spec.js';

/** An order as faults see it. */
export type OrderIdentity = Omit<OrderAct, 'action' | 'done'>;

/** What a dialect asks before it goes on with an order. */
export interface VenueFaults {
  /** `silent-fill`: true when the order's owner is not to hear of this. @param filled whether this is a fill */
  silences(order: OrderIdentity, filled: boolean): boolean;
  /** `cancel-race`: true when the order is to be filled just before it is canceled. */
  races(order: OrderIdentity): boolean;
  /** `clock-skew`: ms that the venue's clock is ahead. */
  skewMs(): number;
}

const NO_FATE: AnswerFate = {};
const kinds = (...list: FaultKind[]): ReadonlySet<FaultKind> => new Set(list);
const ON_ANSWERS = kinds('ack-lose', 'execute-502', 'late-ack', 'slow-ack', 'duplicate-ack');
/** An answer can come twice on a socket only. */
const ON_REST_ANSWERS = kinds('ack-lose', 'execute-502', 'late-ack', 'slow-ack');
const SILENT = kinds('silent-fill');
const RACE = kinds('cancel-race');
const SKEW = kinds('clock-skew');
const LATE_MS = 1000;
const BAD_GATEWAY = 502;

/** What goes wrong with orders: requests that were carried out, but whose answers or events never come. */
export class OrderFaults {
  readonly #list: FaultList;
  /** Orders whose owners hear nothing more, by venue, symbol and id. */
  readonly #silenced = new Set<string>();

  constructor(list: FaultList) {
    this.#list = list;
  }

  /** What becomes of the answer to a request that has been carried out. */
  answerFate(
    where: { readonly venue: string; readonly path: string; readonly peer?: number },
    orders: readonly OrderAct[],
  ): AnswerFate {
    let fate = NO_FATE;
    for (const fault of this.#list.matching(where.peer === undefined ? ON_REST_ANSWERS : ON_ANSWERS, where.venue, where.path)) {
      const { spec } = fault;
      if (!aimsAtAnswer(spec, where.peer !== undefined) || !orders.some((order) => aimsAt(spec, order))) continue;
      if (!this.#list.strikes(fault)) continue;
      this.#list.record(fault.id, spec.kind, { ...where, orders });
      fate = { ...fate, ...fateOf(spec) };
    }
    return fate;
  }

  /** The faults of one venue, as its dialect asks for them. */
  of(venue: string): VenueFaults {
    return {
      silences: (order, filled) => this.#silences(venue, order, filled),
      races: (order) => this.#hit(RACE, venue, order, 'cancel') !== undefined,
      skewMs: () => this.#list.matching(SKEW, venue, '').reduce((sum, { spec }) => sum + (spec.skewMs ?? 0), 0),
    };
  }

  /** Strikes at a fill; from then on the order is not heard of again. */
  #silences(venue: string, order: OrderIdentity, filled: boolean): boolean {
    const key = `${venue}/${order.symbol}/${order.orderId}`;
    if (this.#silenced.has(key)) return true;
    if (!filled || !this.#hit(SILENT, venue, order, 'place')) return false;
    this.#silenced.add(key);
    return true;
  }

  #hit(
    kindsOf: ReadonlySet<FaultKind>,
    venue: string,
    identity: OrderIdentity,
    action: OrderAct['action'],
  ): ActiveFault | undefined {
    const order: OrderAct = { ...identity, action, done: true };
    for (const fault of this.#list.matching(kindsOf, venue, '')) {
      if (!aimsAt({ ...fault.spec, action: undefined }, order) || !this.#list.strikes(fault)) continue;
      this.#list.record(fault.id, fault.spec.kind, { venue, path: '', orders: [order] });
      return fault;
    }
    return undefined;
  }
}

function aimsAtAnswer({ target }: FaultSpec, socket: boolean): boolean {
  return target === undefined || (target === 'socket') === socket;
}

function aimsAt(spec: FaultSpec, order: OrderAct): boolean {
  return (
    (spec.action ?? order.action) === order.action &&
    (spec.account ?? order.account) === order.account &&
    (spec.symbol ?? order.symbol) === order.symbol &&
    (spec.clientId === undefined || (order.clientId?.includes(spec.clientId) ?? false))
  );
}

function fateOf(spec: FaultSpec): AnswerFate {
  switch (spec.kind) {
    case 'ack-lose':
      return { cut: true };
    case 'execute-502':
      return { failure: spec.status ?? BAD_GATEWAY, delayMs: spec.delayMs };
    case 'duplicate-ack':
      return { twice: true };
    default:
      return { delayMs: spec.delayMs ?? LATE_MS };
  }
}
