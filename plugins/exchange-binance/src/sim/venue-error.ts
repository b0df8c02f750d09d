import type { SimResponse } from '@speed-protocol/simulator';

/** An error as the venue says it: HTTP status, code and message. */
export class VenueError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What some refusals carry besides. */
    readonly data?: unknown,
  ) {
    super(message);
  }

  /** As batches say it of one element, and as the body of a response. */
  toBody(): { readonly code: number; readonly msg: string } {
    return { code: this.code, msg: this.message, ...(this.data !== undefined && { data: this.data }) };
  }

  toResponse(): SimResponse {
    return { status: this.status, headers: this.headers, body: JSON.stringify(this.toBody()) };
  }
}

/** The venue's words for what is wrong with a request. */
export const say = {
  badSymbol: () => new VenueError(-1121, 'Invalid symbol.'),
  badInterval: () => new VenueError(-1120, 'Invalid interval.'),
  missing: (name: string) => new VenueError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  illegal: (name: string, range: string) =>
    new VenueError(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  invalid: (name: string) => new VenueError(-1130, `Data sent for parameter '${name}' is not valid.`),
  tooMany: () => new VenueError(-1128, 'Combination of optional parameters invalid.'),
  unwanted: (name: string) => new VenueError(-1106, `Parameter '${name}' sent when not required.`),
  noKey: () => new VenueError(-2014, 'API-key format invalid.', 401),
};
