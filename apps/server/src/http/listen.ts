import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SpeedError } from '@speed-protocol/core';
import type { ServerConfig } from '../config.js';

/** Against clients that open a connection and say nothing, or say it slowly. */
const OPTIONS = {
  maxHeaderSize: 16 << 10,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
} as const;

export async function createHttpServer({ tls, limits }: ServerConfig): Promise<Server> {
  const server = tls ? createTlsServer({ ...OPTIONS, ...(await readTls(tls)), minVersion: 'TLSv1.2' }) : createServer(OPTIONS);
  // Some more than clients, so that health and metrics answer when the server is full.
  server.maxConnections = limits.clients + 100;
  return server;
}

async function readTls({ certFile, keyFile }: NonNullable<ServerConfig['tls']>) {
  const read = (key: string, file: string) =>
    readFile(file).catch((cause: unknown) => {
      throw new SpeedError('config', `server.tls.${key}: cannot read ${file}: ${(cause as Error).message}`, { cause });
    });
  const [cert, key] = await Promise.all([read('certFile', certFile), read('keyFile', keyFile)]);
  return { cert, key };
}

/**
 * Listens, and says on which port.
 * @throws SpeedError `config` naming the port and the remedy when it is in use or not allowed
 */
export function listen(server: Server, { host, port }: ServerConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

const REMEDY = 'choose another with server.port in the configuration, SPEED_SERVER__PORT, or --port; 0 picks a free one';
const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `Port ${port} on ${host} is in use by another program: stop it, or ${REMEDY}`,
  EACCES: (host, port) =>
    `Port ${port} on ${host} is not allowed for this user (ports below 1024 belong to the administrator): ${REMEDY}`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}: set server.host to one that it has, e.g. 127.0.0.1`,
  ENOTFOUND: (host) => `The name ${host} has no address: set server.host to an address of this machine, e.g. 127.0.0.1`,
};

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SpeedError {
  const reason = REASONS[error.code ?? '']?.(host, port) ?? `Cannot listen on ${host}:${port}: ${error.message}`;
  return new SpeedError('config', reason, { cause: error });
}
