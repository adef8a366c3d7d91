/** A generated project that was built as its script `build` does, and the flags of its script `start:hardened`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

import { REPOSITORY } from '../../scripts/fixture-projects.ts';
import { newClient } from '../kernel/transport/process.ts';
import { createProject, type Project } from './project.ts';

export interface HardenedProject extends Project {
  /** For `node`, in the project's folder; `dist/index.js` and its own flags come behind. */
  readonly flags: readonly string[];
}

/** Billing, its manifest changed as told. */
export async function buildHardened(change?: (manifest: string) => string): Promise<HardenedProject> {
  const project = await createProject('billing', change);
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  await execa(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: project.path });
  const words = (await startHardened(project.path)).split(' ');
  // Of a project that was installed the packages are inside; of this one they are linked.
  const packages = `--allow-fs-read=${join(REPOSITORY, 'node_modules')}`;
  return { ...project, flags: [packages, ...words.slice(1, -1)] };
}

/** The script's text. */
export async function startHardened(directory: string): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  return String(scripts['start:hardened']);
}

export type Environment = Readonly<Record<string, string>>;

/** A client of the server, which is there for as long as the test. */
export async function connectStdio({ path, flags }: HardenedProject, environment: Environment): Promise<Client> {
  const client = newClient('modern');
  const args = [...flags, 'dist/index.js', '--transport', 'stdio'];
  const started = { command: process.execPath, args, cwd: path, env: { ...environment }, stderr: 'ignore' } as const;
  await client.connect(new StdioClientTransport(started));
  onTestFinished(() => client.close());
  return client;
}
