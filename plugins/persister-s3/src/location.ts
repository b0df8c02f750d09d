import { SpeedError } from '@speed-protocol/core';

export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with `/`. */
  readonly prefix: string;
}

/**
 * Parts of `s3://bucket/prefix`.
 * @throws SpeedError `config`
 */
export function parseLocation(location: string): S3Location {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(location);
  if (match === null)
    throw new SpeedError('config', `"${location}" is not an S3 location; write s3://bucket or s3://bucket/prefix`);
  const prefix = (match[2] ?? '').replace(/\/+$/, '');
  if (prefix.split('/').some((segment) => segment === '..' || segment === '.')) {
    throw new SpeedError('config', `"${location}" must not contain "." or ".." in its prefix`);
  }
  return { bucket: match[1]!, prefix: prefix === '' ? '' : `${prefix}/` };
}

/**
 * Refuses a key that two stores would read differently.
 * @throws SpeedError `invalid-request`
 */
export function checkKey(key: string): void {
  const bad = key
    .split('/')
    .some((segment) => segment === '' || segment === '.' || segment === '..' || /[\\\0-\x1f]/.test(segment));
  if (bad) throw new SpeedError('invalid-request', `"${key}" is not a key; write segments joined by "/", without "." and ".."`);
}
