/** Projects in temporary directories, and what lies in them. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { onTestFinished } from 'vitest';

import { generate } from '../../src/index.ts';

const FIXTURE = new URL('../../fixtures/regenerate/notes/', import.meta.url);

/** An empty directory that is gone after the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'regenerate-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** A project that was generated from the manifest `before`. */
export async function makeProject(): Promise<string> {
  const root = await makeDirectory();
  await useManifest(root, 'before');
  await generate({ cwd: root });
  return root;
}

/** A copy of a project, in a directory of its own. */
export async function copyProject(root: string): Promise<string> {
  const copy = await makeDirectory();
  await cp(root, copy, { recursive: true });
  return copy;
}

/** Edits the manifest as its author would. */
export async function useManifest(root: string, version: 'before' | 'after'): Promise<void> {
  await cp(new URL(`${version}/hardened-mcp.yaml`, FIXTURE), join(root, 'hardened-mcp.yaml'));
}

export function readManifest(version: 'before' | 'after'): Promise<string> {
  return readFile(new URL(`${version}/hardened-mcp.yaml`, FIXTURE), 'utf8');
}

export type Tree = Readonly<Record<string, string>>;

/** Path → contents of every file. */
export async function readTree(root: string): Promise<Tree> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.sort().map(async (path) => [relative(root, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}
