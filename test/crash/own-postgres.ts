/** A PostgreSQL in a folder of its own. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { freePort, type OwnServer } from './own-server.ts';
import { readPostgres } from './rows.ts';

/** Where Debian and its kin install one folder for each version. */
const INSTALLED = '/usr/lib/postgresql';
const BINARIES = process.env['TEST_POSTGRES_BIN'] ?? newestInstalled();

/** Why tests that need one are skipped, as their title says it; under CI=true that is a failure instead. */
export const postgresServerMissing = missing();

export async function startOwnPostgres(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-postgres-'));
  if (process.getuid?.() === 0) await execa('chown', ['postgres', folder]);
  const data = join(folder, 'data');
  const port = await freePort();
  await runAsItself('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']);
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const control = (...asked: readonly string[]) =>
    runAsItself('pg_ctl', [...asked, '-D', data, '-w', '-s', '-l', join(folder, 'log')]);
  const start = () => control('start', '-o', settings);
  const kill = () => control('stop', '-m', 'immediate');

  await start();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    start,
    kill,
    place: {
      variables: { MCP_STORE_URL: url },
      openRows: async () => readPostgres(url),
      remove: async () => {
        await kill();
        await rm(folder, { recursive: true });
      },
    },
  };
}

/** PostgreSQL does not run as root. */
async function runAsItself(program: string, args: readonly string[]): Promise<void> {
  const file = join(BINARIES, program);
  const [command, ...rest] = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', file] : [file];
  // The server outlives pg_ctl, and would keep a pipe open.
  await execa(command, [...rest, ...args], { stdio: 'ignore', cwd: tmpdir() });
}

function newestInstalled(): string {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).map(Number) : [];
  return join(INSTALLED, String(Math.max(0, ...versions.filter(Number.isFinite))), 'bin');
}

function missing(): string {
  if (existsSync(join(BINARIES, 'initdb'))) return '';
  const what = `there is no PostgreSQL server in ${BINARIES}; TEST_POSTGRES_BIN names another folder`;
  if (process.env['CI'] === 'true') throw new Error(what);
  return ` (skipped: ${what})`;
}
