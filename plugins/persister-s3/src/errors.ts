import { type ErrorKind, SpeedError } from '@speed-protocol/core';

/** The server's code, or the SDK's name for a failure on the way -> kind and remedy. */
const CODES: Readonly<Record<string, { kind: ErrorKind; say: string }>> = {
  NoSuchBucket: { kind: 'config', say: 'there is no such bucket; create it or correct the name' },
  NoSuchKey: { kind: 'not-found', say: 'there is no such object' },
  NotFound: { kind: 'not-found', say: 'there is no such object or bucket' },
  InvalidAccessKeyId: { kind: 'unauthorized', say: 'the access key is unknown; check accessKeyId' },
  SignatureDoesNotMatch: { kind: 'unauthorized', say: 'the secret key does not match; check secretAccessKey' },
  AccessDenied: { kind: 'unauthorized', say: 'access denied; the key needs List, Get, Put and Delete on this bucket' },
  ExpiredToken: { kind: 'unauthorized', say: 'the session token has expired; get a new one' },
  CredentialsProviderError: {
    kind: 'unauthorized',
    say: 'no credentials; set accessKeyId and secretAccessKey or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  },
  PermanentRedirect: { kind: 'config', say: 'the bucket is in another region; set region or endpoint' },
  AuthorizationHeaderMalformed: { kind: 'config', say: 'the region is wrong; set region' },
  RequestTimeTooSkewed: { kind: 'clock-skew', say: "this machine's clock is off; correct it" },
  QuotaExceeded: { kind: 'unavailable', say: 'the quota is used up; free space' },
  SlowDown: { kind: 'rate-limited', say: 'the server asks to slow down' },
  TimeoutError: { kind: 'timeout', say: 'no answer in time' },
  ENOTFOUND: { kind: 'connection', say: 'the host name is unknown; check endpoint' },
  ECONNREFUSED: { kind: 'connection', say: 'nothing answers there; check endpoint, start the server' },
  ECONNRESET: { kind: 'connection', say: 'the connection was cut' },
  EPIPE: { kind: 'connection', say: 'the connection was cut' },
  ETIMEDOUT: { kind: 'timeout', say: 'no connection in time' },
  AbortError: { kind: 'aborted', say: 'the operation was aborted' },
};

/** Statuses of answers whose code is unknown. */
const kindOfStatus = (status: number): ErrorKind =>
  status === 404
    ? 'not-found'
    : status === 401 || status === 403
      ? 'unauthorized'
      : status === 429
        ? 'rate-limited'
        : status >= 500
          ? 'unavailable'
          : 'protocol';

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** An error of the SDK as a SpeedError that names the place and the remedy; SpeedErrors pass through. */
export function s3Error(error: unknown, where: string): unknown {
  if (SpeedError.is(error)) return error;
  const { name, code, Code, message, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  const found = [Code, code, name].find((each) => each !== undefined && CODES[each] !== undefined);
  const row = found === undefined ? undefined : CODES[found];
  if (row === undefined && status === undefined && code === undefined && !isNetwork(name)) return error;
  const kind = row?.kind ?? (status === undefined ? 'connection' : kindOfStatus(status));
  const say = row?.say ?? `${message ?? name}${status === undefined ? '' : ` (status ${status})`}`;
  return new SpeedError(kind, `${where}: ${say}${found ? ` (${found})` : ''}`, {
    cause: error,
    venueCode: found ?? code ?? name,
  });
}

const isNetwork = (name: string | undefined) => name === 'NetworkingError' || name === 'RequestTimeout';

export const statusOf = (error: unknown): number | undefined => (error as SdkError | null)?.$metadata?.httpStatusCode;
