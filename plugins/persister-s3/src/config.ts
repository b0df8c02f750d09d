import { nearest, Secret, SpeedError } from '@speed-protocol/core';

export interface S3Config {
  /** Base URL of an S3-compatible server; absent for AWS itself. */
  readonly endpoint?: string | undefined;
  /** Default: AWS_REGION, else `us-east-1`, which every compatible server takes. */
  readonly region: string;
  /** Bucket in the path instead of the host name. Default: true with an endpoint, false for AWS. */
  readonly pathStyle: boolean;
  /** Absent: the SDK's own chain (environment, profile, instance role). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: Secret;
    readonly sessionToken?: Secret | undefined;
  };
  /** Server-side encryption of new objects. */
  readonly encryption?: 'AES256' | 'aws:kms' | undefined;
  /** Attempts per request, the first included; default 4. */
  readonly attempts: number;
  /** ms that one request may take; default 30,000. */
  readonly timeoutMs: number;
  /** Bytes of one part of a multipart upload; at least 5 MiB, default 8 MiB. */
  readonly partBytes: number;
}

type Kind = 'string' | 'number' | 'boolean';
const KEYS: Readonly<Record<string, Kind>> = {
  endpoint: 'string',
  region: 'string',
  pathStyle: 'boolean',
  accessKeyId: 'string',
  secretAccessKey: 'string',
  sessionToken: 'string',
  encryption: 'string',
  attempts: 'number',
  timeoutMs: 'number',
  partBytes: 'number',
};

const MIB = 1 << 20;

/** @throws SpeedError `config` naming the wrong key and the nearest right one */
export function parseConfig(input: unknown): S3Config {
  if (typeof input !== 'object' || input === null) throw new SpeedError('config', 'The S3 store takes an object of settings.');
  const given = input as Record<string, string & number & boolean & Secret>;
  for (const [key, value] of Object.entries(given)) check(key, value);
  const endpoint = given['endpoint'] ?? process.env['SPEED_S3_ENDPOINT'];
  return {
    endpoint: endpoint === undefined ? undefined : checkEndpoint(endpoint),
    region: given['region'] ?? process.env['AWS_REGION'] ?? 'us-east-1',
    pathStyle: given['pathStyle'] ?? endpoint !== undefined,
    ...credentialsOf(given),
    encryption: given['encryption'] as S3Config['encryption'],
    attempts: given['attempts'] ?? 4,
    timeoutMs: given['timeoutMs'] ?? 30_000,
    partBytes: Math.max(5 * MIB, given['partBytes'] ?? 8 * MIB),
  };
}

function check(key: string, value: unknown): void {
  const kind = KEYS[key];
  if (kind === undefined) {
    const hint = nearest(key, Object.keys(KEYS));
    throw new SpeedError('config', `The S3 store has no setting "${key}"${hint ? `; did you mean "${hint}"?` : ''}`);
  }
  if (value === undefined || typeof value === kind || (kind === 'string' && value instanceof Secret)) return;
  throw new SpeedError('config', `The S3 store's setting "${key}" must be a ${kind}.`);
}

function checkEndpoint(endpoint: string): string {
  if (/^https?:\/\/[^/]+\/?$/.test(endpoint)) return endpoint;
  throw new SpeedError('config', `"${endpoint}" is not an endpoint; write http(s)://host[:port], without bucket or path`);
}

function credentialsOf(given: Record<string, unknown>): Pick<S3Config, 'credentials'> {
  const [id, secret, token] = [given['accessKeyId'], given['secretAccessKey'], given['sessionToken']].map((value) =>
    value === undefined || value instanceof Secret ? value : new Secret(String(value)),
  );
  if (id === undefined && secret === undefined) return {};
  if (id === undefined || secret === undefined) {
    throw new SpeedError('config', 'The S3 store needs both "accessKeyId" and "secretAccessKey", or neither.');
  }
  return { credentials: { accessKeyId: id.reveal(), secretAccessKey: secret, sessionToken: token } };
}
