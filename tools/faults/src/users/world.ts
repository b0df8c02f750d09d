import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '@speed-protocol/core';
import { createHost, DEFAULT_CONFIG } from '@speed-protocol/host';
import { createServer, type RunningServer } from '@speed-protocol/server';
import { Arena, VENUE } from './arena.js';

export interface UserWorld extends AsyncDisposable {
  readonly arena: Arena;
  readonly server: RunningServer;
}

/** Names of users, who name their accounts after themselves. */
export const USERS = ['alice', 'bob'] as const;
export type UserName = (typeof USERS)[number];
export const accountsOf = (user: UserName): readonly string[] => [`${user}-one`, `${user}-two`];
export const tokenOf = (user: UserName): string => `token-of-${user}-0123456789`;

/** A real server on a real socket with two users and two accounts each, over an exchange in memory. */
export async function openUserWorld(): Promise<UserWorld> {
  const arena = new Arena();
  const app = pluginFolder(arena);
  const accounts = USERS.flatMap(accountsOf).map((name) => [
    name,
    { venue: VENUE, environment: 'sim', apiKey: new Secret(name), config: {} },
  ]);
  const config = { ...DEFAULT_CONFIG, accounts: Object.fromEntries(accounts) };
  const host = await createHost({ appDirectory: app, projectDirectory: null, config });
  const users = Object.fromEntries(USERS.map((user) => [user, { token: tokenOf(user), accounts: [...accountsOf(user)] }]));
  const limits = { commandsPerSecond: 1e9, commandBurst: 1_000_000, badMessages: 1_000_000, pnlIntervalMs: 1 };
  const journalDirectory = join(app, 'journal');
  const server = await createServer(host, { port: 0, users, journalDirectory, bookIntervalMs: 1000, limits });
  return {
    arena,
    server,
    async [Symbol.asyncDispose]() {
      await server.close();
      await host[Symbol.asyncDispose]();
      rmSync(app, { recursive: true, force: true });
    },
  };
}

/** The arena as an installed plugin. */
function pluginFolder(arena: Arena): string {
  const slot = `speedArena${Math.random()}`;
  (globalThis as unknown as Record<string, Arena>)[slot] = arena;
  const marker = { kind: 'exchange', api: 1, venues: [VENUE] };
  const manifest = { name: 'exchange-arena', version: '1.0.0', type: 'module', exports: './index.js', speed: marker };
  const files = {
    'package.json': JSON.stringify({ name: 'app', dependencies: { 'exchange-arena': '*' } }),
    'node_modules/exchange-arena/package.json': JSON.stringify(manifest),
    'node_modules/exchange-arena/index.js': `export default globalThis[${JSON.stringify(slot)}].manifest;`,
  };
  const root = mkdtempSync(join(tmpdir(), 'speed-users-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
