/** Makes the demo's project with the real command line: created, installed, type-checked, tested and built. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { printStep } from './transcript.ts';

const CLI = fileURLToPath(new URL('../../bin/create-hardened-mcp.js', import.meta.url));

/** Returns the project's directory. Rejects where a step fails, with what it printed. */
export async function makeProject(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'hardened-mcp-demo-'));
  const project = join(parent, 'billing');
  await run(parent, process.execPath, [CLI, project, '--example', 'billing', '--yes', '--package-manager', 'npm']);
  await run(project, 'npm', ['run', 'typecheck']);
  await run(project, 'npm', ['test']);
  await run(project, 'npm', ['run', 'check']);
  await run(project, 'npm', ['run', 'build']);
  return project;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const shown = [command === process.execPath ? 'node' : command, ...args].join(' ');
  const { exitCode, all, durationMs } = await execa(command, args, { cwd, all: true, reject: false });
  if (exitCode !== 0) throw new Error(`${shown} failed with exit code ${exitCode}:\n${all}`);
  printStep(`✓ ${shown} (${(durationMs / 1000).toFixed(1)} s)`);
}
