/** An error as the venue says it: a code, a word, and now and then what is wrong where. */
export class VenueError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: Readonly<Record<string, unknown>> | string,
    readonly status = 400,
  ) {
    super(message);
  }

  toJSON(): object {
    return { code: this.code, message: this.message, ...(this.data !== undefined && { data: this.data }) };
  }
}

/** The venue's words for what is wrong with a request. */
export const say = {
  wrong: (param: string, reason = 'wrong format') => new VenueError(-32602, 'Invalid params', { reason, param }),
  missing: (param: string) => new VenueError(-32602, 'Invalid params', { reason: 'missing parameter', param }),
  noMethod: () => new VenueError(-32601, 'Method not found'),
  badRequest: (data: string) => new VenueError(11050, 'bad_request', data),
  noInstrument: () => new VenueError(13020, 'not_found', { reason: 'instrument_not_found', param: 'instrument_name' }),
  noOrder: () => new VenueError(10004, 'order_not_found'),
  tooMany: () => new VenueError(10028, 'too_many_requests', undefined, 429),
  unauthorized: (reason: string) => new VenueError(13009, 'unauthorized', { reason }, 401),
  badCredentials: () => new VenueError(13004, 'invalid_credentials', undefined, 400),
  rawForAccounts: () => new VenueError(13778, 'raw_subscriptions_not_available_for_unauthorized'),
};
