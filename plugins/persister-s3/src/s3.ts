import type { S3Client } from '@aws-sdk/client-s3';
import type { ByteRange, CallOptions, Persister, PutOptions, StoredObject } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import type { S3Config } from './config.js';
import { s3Error, statusOf } from './errors.js';
import { checkKey, type S3Location } from './location.js';
import { type Bytes, multipart, partsOf } from './upload.js';

type Sdk = typeof import('@aws-sdk/client-s3');

/** Loads the SDK (400 ms) at the first use, not at import. */
interface Opened {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** A bucket, or a prefix in one, as a store. */
export class S3Persister implements Persister {
  readonly #at: S3Location;
  readonly #config: S3Config;
  readonly location: string;
  #opened: Promise<Opened> | undefined;

  constructor(at: S3Location, config: S3Config) {
    this.#at = at;
    this.#config = config;
    this.location = `s3://${at.bucket}/${at.prefix}`.replace(/\/$/, '');
  }

  async check(options: CallOptions = {}): Promise<void> {
    const probe = `check-${process.pid}-${Date.now()}`;
    await this.put(probe, new Uint8Array([1]), options);
    await this.remove(probe, options);
  }

  async put(key: string, body: Bytes | AsyncIterable<Bytes>, options: PutOptions = {}): Promise<'stored' | 'exists'> {
    return this.#run(key, options, async (opened, Key) => {
      const parts = partsOf(body, this.#config.partBytes);
      const first = await parts.next();
      const second = first.done ? first : await parts.next();
      const target = { Bucket: this.#at.bucket, Key };
      const encryption = this.#config.encryption && { ServerSideEncryption: this.#config.encryption };
      const call = {
        ...opened,
        target: { ...target, ...encryption },
        ifAbsent: options.ifAbsent === true,
        send: sendWith(options),
      };
      if (second.done) return putWhole(call, first.done ? new Uint8Array(0) : first.value);
      // Not every server looks at the condition when a multipart upload ends, so it is asked before as well.
      if (call.ifAbsent && (await this.size(key, options)) !== undefined) return 'exists';
      return multipart(call, [first.value as Bytes, second.value as Bytes], parts);
    });
  }

  async get(key: string, options: ByteRange & CallOptions = {}): Promise<Uint8Array> {
    const { start = 0, end = Infinity } = options;
    if (end <= start) return new Uint8Array(0);
    return this.#run(key, options, async ({ sdk, client }, Key) => {
      const Range = start === 0 && end === Infinity ? undefined : `bytes=${start}-${end === Infinity ? '' : end - 1}`;
      try {
        const { Body } = await client.send(
          new sdk.GetObjectCommand({ Bucket: this.#at.bucket, Key, ...(Range && { Range }) }),
          abort(options),
        );
        return await Body!.transformToByteArray();
      } catch (error) {
        if (statusOf(error) === 416) return new Uint8Array(0);
        throw error;
      }
    });
  }

  async size(key: string, options: CallOptions = {}): Promise<number | undefined> {
    return this.#run(key, options, async ({ sdk, client }, Key) => {
      try {
        const { ContentLength } = await client.send(new sdk.HeadObjectCommand({ Bucket: this.#at.bucket, Key }), abort(options));
        return ContentLength ?? 0;
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  async *list(prefix: string, options: CallOptions = {}): AsyncGenerator<StoredObject> {
    let from: string | undefined;
    do {
      const page = await this.#run('', options, ({ sdk, client }) =>
        client.send(
          new sdk.ListObjectsV2Command({ Bucket: this.#at.bucket, Prefix: this.#at.prefix + prefix, ContinuationToken: from }),
          abort(options),
        ),
      );
      for (const { Key, Size } of page.Contents ?? []) yield { key: Key!.slice(this.#at.prefix.length), size: Size ?? 0 };
      from = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (from !== undefined);
  }

  async remove(key: string, options: CallOptions = {}): Promise<void> {
    await this.#run(key, options, ({ sdk, client }, Key) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: this.#at.bucket, Key }), abort(options)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    (await opened)?.client.destroy();
  }

  async #run<T>(key: string, { signal }: CallOptions, work: (opened: Opened, fullKey: string) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw new SpeedError('aborted', 'The operation was aborted.', { cause: signal.reason });
    if (key !== '' || work.length > 1) checkKey(key);
    try {
      this.#opened ??= this.#open();
      return await work(await this.#opened, this.#at.prefix + key);
    } catch (error) {
      throw s3Error(error, key === '' ? this.location : `${this.location}/${key}`);
    }
  }

  async #open(): Promise<Opened> {
    const sdk = await import('@aws-sdk/client-s3');
    const { endpoint, region, pathStyle, credentials, attempts, timeoutMs } = this.#config;
    const client = new sdk.S3Client({
      region,
      forcePathStyle: pathStyle,
      maxAttempts: attempts,
      requestHandler: { requestTimeout: timeoutMs, connectionTimeout: Math.min(timeoutMs, 5_000), throwOnRequestTimeout: true },
      // Compatible servers answer 411 or 501 to the checksums that the SDK would add by default.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint && { endpoint }),
      ...(credentials && {
        credentials: {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey.reveal(),
          ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
        },
      }),
    });
    return { sdk, client };
  }
}

const abort = ({ signal }: CallOptions) => (signal === undefined ? {} : { abortSignal: signal });
const sendWith = (options: CallOptions) => abort(options);

/** One request; conditional when asked to be. Another writer at the same moment counts as one who was first. */
async function putWhole(
  { sdk, client, target, ifAbsent, send }: Opened & { target: { Bucket: string; Key: string }; ifAbsent: boolean; send: object },
  body: Bytes,
): Promise<'stored' | 'exists'> {
  try {
    await client.send(new sdk.PutObjectCommand({ ...target, Body: body, ...(ifAbsent && { IfNoneMatch: '*' }) }), send);
    return 'stored';
  } catch (error) {
    const status = statusOf(error);
    if (ifAbsent && (status === 412 || status === 409)) return 'exists';
    throw error;
  }
}
