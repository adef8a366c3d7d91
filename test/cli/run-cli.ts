/** Runs the command line as a process of its own, straight from its source. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { onTestFinished } from 'vitest';

export const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Whoever runs the tests may have chosen colours, another package manager, or a git of their own. */
const NEUTRAL = {
  NO_COLOR: '',
  DEBUG: '',
  npm_config_user_agent: '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

export interface CliRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function runCli(args: readonly string[], { cwd, env = {} }: CliOptions): Promise<CliRun> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...NEUTRAL, ...env },
    stdin: 'ignore',
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** An empty directory that is removed after the test. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hardened-mcp-cli-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
