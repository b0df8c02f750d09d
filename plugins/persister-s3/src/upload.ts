import type { S3Client } from '@aws-sdk/client-s3';
import { statusOf } from './errors.js';

export type Bytes = Uint8Array;

interface UploadCall {
  readonly sdk: typeof import('@aws-sdk/client-s3');
  readonly client: S3Client;
  readonly target: { readonly Bucket: string; readonly Key: string };
  readonly ifAbsent: boolean;
  readonly send: object;
}

/** Gathers pieces of any size into parts of `size` bytes; only the last may be smaller. Empty input gives none. */
export async function* partsOf(body: Bytes | AsyncIterable<Bytes>, size: number): AsyncGenerator<Bytes> {
  let part = new Uint8Array(size);
  let filled = 0;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(size - filled, piece.length - at);
      part.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < size) continue;
      yield part;
      part = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Uploads part by part, so that memory stays at a few parts. A failure takes back what was uploaded. */
export async function multipart(
  call: UploadCall,
  first: readonly Bytes[],
  rest: AsyncIterable<Bytes>,
): Promise<'stored' | 'exists'> {
  const { sdk, client, target, ifAbsent, send } = call;
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(target), send);
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];
  try {
    for await (const body of chain(first, rest)) {
      const PartNumber = parts.length + 1;
      const { ETag } = await client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body: body }), send);
      parts.push({ ETag, PartNumber });
    }
    const condition = ifAbsent && { IfNoneMatch: '*' };
    await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts }, ...condition }),
      send,
    );
    return 'stored';
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    const status = statusOf(error);
    if (ifAbsent && (status === 412 || status === 409)) return 'exists';
    throw error;
  }
}

async function* chain(first: readonly Bytes[], rest: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  yield* first;
  yield* rest;
}
