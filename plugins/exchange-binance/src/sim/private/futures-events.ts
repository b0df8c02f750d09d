import { accountUpdate, configUpdate, marginCall } from './futures-account-events.js';
import { algoUpdate, orderTradeUpdate, tradeLite } from './futures-order-events.js';
import { entryOf, type Happening, type UserEvent } from './happening.js';

/** USD-M's user-data events of one happening, in the order in which the venue sends them. */
export function linearEvents(happening: Happening): readonly UserEvent[] {
  return [...tradeLite(happening), ...commonEvents(happening)];
}

/** As {@link linearEvents}, on COIN-M: no TRADE_LITE, and an account alias beside the time. */
export function inverseEvents(happening: Happening): readonly UserEvent[] {
  return commonEvents(happening).map(({ e, E, T, ...rest }) => ({ e, E, T, i: happening.account.id, ...rest }));
}

function commonEvents(happening: Happening): readonly UserEvent[] {
  const order = entryOf(happening, 'order');
  return [
    ...marginCall(happening),
    ...accountUpdate(happening),
    ...(order ? [orderTradeUpdate(happening, order)] : []),
    ...algoUpdate(happening),
    ...configUpdate(happening),
  ];
}
