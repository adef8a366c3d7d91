/** The directory that becomes the project: refused unless it is free, and given back as it was on failure. */
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { createDiagnostic } from '../../diagnostics/diagnostic.ts';
import { CannotRun } from '../cannot-run.ts';
import { stoppedBy } from '../diagnostics-text.ts';
import type { Terminal } from '../terminal.ts';

export interface TargetDirectory {
  /** Absolute. */
  readonly path: string;
  /** What was there before, which a failed creation leaves alone. */
  readonly before: readonly string[];
  /** The topmost directory that has to be made; absent where the target exists. */
  readonly topmostNew: string | undefined;
}

/** A fresh clone of an empty repository counts as free. */
const NOT_IN_THE_WAY = new Set(['.git', '.DS_Store']);

/** What stands in the way of a project at this path; empty where it is free. Fails where the path is a file. */
export async function entriesInTheWay(path: string): Promise<readonly string[]> {
  return (await existingEntries(path)).filter((entry) => !NOT_IN_THE_WAY.has(entry)).sort();
}

/** Looks only; nothing is made yet. Throws `CannotRun` with what is in the way. */
export async function claimTarget(
  { path, named }: { readonly path: string; readonly named: string },
  terminal: Terminal,
): Promise<TargetDirectory> {
  const inTheWay = await entriesInTheWay(path);
  if (inTheWay.length > 0) {
    throw stoppedBy(
      { diagnostics: [createDiagnostic('directory-not-empty', { directory: named, entries: inTheWay })] },
      terminal,
    );
  }
  return { path, before: await existingEntries(path), topmostNew: await findTopmostMissing(path) };
}

/** Removes what was made in the target since it was inspected, and nothing else. */
export async function restoreTarget({ path, before, topmostNew }: TargetDirectory): Promise<void> {
  if (topmostNew !== undefined) return rm(topmostNew, { recursive: true, force: true });
  const made = (await existingEntries(path)).filter((entry) => !before.includes(entry));
  await Promise.all(made.map((entry) => rm(join(path, entry), { recursive: true, force: true })));
}

async function existingEntries(path: string): Promise<readonly string[]> {
  const found = await statIfExists(path);
  if (found === undefined) return [];
  if (!found.isDirectory()) throw new CannotRun(`${path} is a file, not a directory.`);
  return readdir(path);
}

async function findTopmostMissing(path: string): Promise<string | undefined> {
  if ((await statIfExists(path)) !== undefined) return undefined;
  return (await findTopmostMissing(dirname(path))) ?? path;
}

async function statIfExists(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
