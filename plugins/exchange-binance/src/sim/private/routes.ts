import { FUTURES, type Route } from '../rest/route.js';

/** Listen keys, as the futures products hand them out; spot has none any more. */
export const LISTEN_KEY_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/listenKey',
    families: FUTURES,
    weight: 1,
    auth: 'key',
    run: ({ desk }, _params, { account }) => ({ listenKey: desk.listenKeys.start(account) }),
  },
  {
    method: 'PUT',
    path: '/listenKey',
    families: FUTURES,
    weight: 1,
    auth: 'key',
    run: ({ desk }, _params, { account }) => ({ listenKey: desk.listenKeys.extend(account) }),
  },
  {
    method: 'DELETE',
    path: '/listenKey',
    families: FUTURES,
    weight: 1,
    auth: 'key',
    run({ desk }, _params, { account }) {
      desk.listenKeys.stop(account);
      return {};
    },
  },
];
