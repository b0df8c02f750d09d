import type { SimResponse } from '@speed-protocol/simulator';

/** An error as the venue says it: code, message, and now and then a status of its own. */
export class VenueError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 200,
  ) {
    super(message);
  }

  toResponse(): SimResponse {
    return { status: this.status, body: JSON.stringify({ code: this.code, msg: this.message, data: [] }) };
  }
}

/** The venue's words for what is wrong with a request. */
export const say = {
  noInstrument: () => new VenueError('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist."),
  missing: (name: string) => new VenueError('50014', `Parameter ${name} can not be empty.`, 400),
  wrong: (name: string) => new VenueError('51000', `Parameter ${name} error`),
  tooMany: () => new VenueError('50011', 'Too Many Requests', 429),
  noPath: () => new VenueError('404', 'Not found', 404),
  noKey: () => new VenueError('50103', 'Request header "OK-ACCESS-KEY" can not be empty.', 401),
};
