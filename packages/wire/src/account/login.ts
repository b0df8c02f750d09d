import type { ApiSocketSpec, Stamp } from '../calls/api-socket.js';
import type { Row } from '../exchange/rows.js';

interface NamelessLogin {
  /** The request. */
  write(stamp: Stamp): string;
  isAnswer(message: Row): boolean;
  /** The request that any other message answers; nothing when it answers none. */
  idOf(message: Row): string | null | undefined;
}

/** The login of a socket whose answer names no request: it is known by its looks. */
export function namelessLogin({ write, isAnswer, idOf }: NamelessLogin): Pick<ApiSocketSpec, 'idOf' | 'logIn'> {
  let loginId = '';
  return {
    idOf: (message) => idOf(message) ?? (isAnswer(message) ? loginId : undefined),
    logIn: async (ask) => {
      await ask((stamp) => {
        loginId = stamp.id;
        return write(stamp);
      });
    },
  };
}
