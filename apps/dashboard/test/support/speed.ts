import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '../../../../tools/faults/src/record/ports.js';

const BINARY = path.resolve(import.meta.dirname, '../../../cli/bin/speed.mjs');
const VENUES = ['binance', 'binanceusdm', 'binancecoinm'];

/** A `speed` command that runs, and what it said when it was ready. */
export interface Running<Ready> {
  readonly ready: Ready;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Stops the process where it is, its connections open (`SIGSTOP`), or lets it go on (`SIGCONT`). */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts a command of the real binary and waits for its `--json` line. */
async function run<Ready>(...args: string[]): Promise<Running<Ready>> {
  const child = spawn(process.execPath, [BINARY, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  for await (const line of createInterface({ input: child.stdout })) {
    return { ready: JSON.parse(line) as Ready, kill: () => kill(child), signal: (name) => void child.kill(name) };
  }
  throw new Error(`speed ${args.join(' ')} ended without a line: ${stderr}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export interface DemoReady {
  readonly url: string;
  readonly sim: { readonly control: string };
}

/** Everything in one process, as `npm start` has it, on any free port. */
export const startDemo = (seed: number, venues: readonly string[]): Promise<Running<DemoReady>> =>
  run('demo', '--port', '0', '--seed', `${seed}`, '--venues', venues.join(), '--no-record');

export interface ServerReady {
  readonly url: string;
}

/** Simulator and server as two processes, each of which can be killed and started again at the same address. */
export class System {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'speed-page-'));
  readonly #seed: number;
  #simPort = 0;
  #serverPort = 0;
  #sim: Running<unknown> | undefined;
  #server: Running<ServerReady> | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#serverPort}/`;
  }

  async startSim(): Promise<void> {
    this.#simPort ||= await freePorts(VENUES.length);
    this.#sim = await run('sim', '--venues', VENUES.join(), '--seed', `${this.#seed}`, '--port', `${this.#simPort}`);
  }

  async startServer(): Promise<void> {
    const origins = VENUES.map((venue, at) => [venue, { environment: 'sim', origin: `http://127.0.0.1:${this.#simPort + at}` }]);
    const file = path.join(this.#folder, 'speed.json');
    const recording = { to: path.join(this.#folder, 'data') };
    writeFileSync(file, JSON.stringify({ venues: Object.fromEntries(origins), log: { level: 'error' }, recording }));
    this.#serverPort ||= await freePorts();
    this.#server = await run('server', '--config', file, '--port', `${this.#serverPort}`);
  }

  async killSim(): Promise<void> {
    await this.#sim?.kill();
  }

  async killServer(): Promise<void> {
    await this.#server?.kill();
  }

  /** The server hangs: connections stay open, nothing is said. */
  freezeServer(): void {
    this.#server?.signal('SIGSTOP');
  }

  thawServer(): void {
    this.#server?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    await Promise.all([this.killSim(), this.killServer()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
