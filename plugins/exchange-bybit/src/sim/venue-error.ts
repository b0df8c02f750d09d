/** An error as the venue says it: code, message, and now and then a status of its own. */
export class VenueError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 200,
  ) {
    super(message);
  }
}

/** The venue's words for what is wrong with a request. */
export const say = {
  wrong: (what: string) => new VenueError(10001, `params error: ${what}`),
  noSymbol: () => new VenueError(10001, 'params error: symbol invalid'),
  noPath: () => new VenueError(10404, 'the requested path is not found', 404),
  tooMany: () => new VenueError(10006, 'Too many visits. Exceeded the API Rate Limit.'),
  /** The firewall: the address, not the account. */
  blocked: () => new VenueError(403, 'access too frequent', 403),
};
