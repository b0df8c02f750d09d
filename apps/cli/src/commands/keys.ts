import { Command } from 'commander';
import type { Console } from '../console.js';

export interface KeysOptions {
  readonly file?: string;
  readonly json?: boolean;
}

export interface AddKeyOptions extends KeysOptions {
  readonly venue: string;
  readonly environment: string;
  readonly privateKeyFile?: string;
  readonly password?: boolean;
}

const HELP = `
Secrets are asked for without showing them and never stand on the command line. Without a terminal they are read from standard
input, one per line: API key, secret (unless --private-key-file), password (with --password). The passphrase of the file is
taken from the variable SPEED_PASSPHRASE, or asked for. The file is encrypted (scrypt, AES-256-GCM) and its owner's alone.

Example:
  speed keys add desk --venue binanceusdm --environment testnet
  accounts: { desk: { venue: binanceusdm, key: desk } }              in speed.yaml
`;

const FILE = ['--file <path>', 'key file (default: SPEED_KEYS, else speed/keys.json in your configuration folder)'] as const;

/** `speed keys` */
export function keysCommand(console: Console): Command {
  return new Command('keys')
    .description('credentials of accounts in an encrypted file')
    .addHelpText('after', HELP)
    .addCommand(addCommand(console))
    .addCommand(listCommand(console))
    .addCommand(removeCommand(console));
}

function addCommand(console: Console): Command {
  return new Command('add')
    .description('keep a credential under a name; one of that name is replaced')
    .argument('<name>', 'what accounts call it by')
    .requiredOption('--venue <id>', 'venue id, e.g. binanceusdm')
    .requiredOption('--environment <name>', 'live, testnet, demo ...: the key is used there and nowhere else')
    .option('--private-key-file <path>', 'PEM file of an RSA or Ed25519 key, instead of a secret')
    .option('--password', 'the key has a password as well')
    .option(...FILE)
    .action(async (name: string, options: AddKeyOptions) => {
      const { addKey } = await import('../keys/run.js');
      await addKey(console, name, options);
    });
}

function listCommand(console: Console): Command {
  return new Command('list')
    .description('names, venues and environments; no secrets')
    .option(...FILE)
    .option('--json', 'a JSON array for scripts')
    .action(async (options: KeysOptions) => {
      const { listKeys } = await import('../keys/run.js');
      await listKeys(console, options);
    });
}

function removeCommand(console: Console): Command {
  return new Command('remove')
    .description('forget a credential')
    .argument('<name>', 'as "speed keys list" shows it')
    .option(...FILE)
    .action(async (name: string, options: KeysOptions) => {
      const { removeKey } = await import('../keys/run.js');
      await removeKey(console, name, options);
    });
}
