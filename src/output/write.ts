/**
 * The only writer. Each file appears whole or not at all, and the lock is written before and after: a run
 * that dies in between leaves a lock which says what every file may hold, so that the next run repairs it.
 */
import { link, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { findObstacle } from './boundary.ts';
import { sha256 } from './hash.ts';
import { LOCK_PATH, ownHashes, printLock, type Lock } from './lockfile.ts';
import { writes, type Change } from './reconcile.ts';

export interface Writing {
  /** Absolute; made if missing. */
  readonly root: string;
  readonly changes: readonly Change[];
  /** The lock that was read before, if there was one. */
  readonly before: Lock | undefined;
  /** The lock as it is once everything is written. */
  readonly after: Lock;
}

/**
 * Carries the changes out: deletes first, so that a name that only changed its case survives.
 *
 * @throws Error where a path leads out of the root; nothing was written then. A failure of the file system
 * half-way is thrown as it is, and repaired by the next run.
 */
export async function writeChanges({ root, changes, before, after }: Writing): Promise<void> {
  const due = changes.filter((change) => writes(change) && change.path !== LOCK_PATH);
  const paths = due.map((change) => change.path);
  await refuseObstacles(root, [...paths, LOCK_PATH]);
  if (before?.pending !== undefined) await removeLeftovers(root, Object.keys(before.pending));
  if (paths.length > 0) await replaceFile(root, LOCK_PATH, printLock(pendingLock(due, before, after)));
  for (const change of due.filter(({ kind }) => kind === 'delete')) await deleteFile(root, change.path);
  for (const change of due.filter(({ kind }) => kind !== 'delete')) await writeChange(root, change);
  await replaceFile(root, LOCK_PATH, printLock(after));
}

async function refuseObstacles(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const obstacle = await findObstacle(root, path);
    if (obstacle !== undefined) throw new Error(`${obstacle.path} keeps ${path} from being written`);
  }
}

/** What a run that dies may leave: under each path its old contents or the new ones, also of a run that died before. */
function pendingLock(changes: readonly Change[], before: Lock | undefined, after: Lock): Lock {
  const old = before ?? { ...after, files: {}, tools: {} };
  const pending = new Map<string, readonly string[]>(Object.entries(before?.pending ?? {}));
  for (const { path, before: text, planned } of changes) {
    const forced = text === undefined || ownHashes(before, path).includes(sha256(text)) ? [] : [sha256(text)];
    const hashes = [
      ...(pending.get(path) ?? []),
      ...forced,
      ...(planned === undefined ? [] : [sha256(planned.contents)]),
    ];
    pending.set(path, [...new Set(hashes)]);
  }
  return { ...old, pending: Object.fromEntries([...pending].map(([path, hashes]) => [path, [...hashes]])) };
}

async function writeChange(root: string, change: Change): Promise<void> {
  if (change.planned === undefined) throw new Error(`${change.path} has nothing to write`);
  const write = change.owner === 'you' && change.kind === 'create' ? createFile : replaceFile;
  await write(root, change.path, change.planned.contents);
}

async function replaceFile(root: string, path: string, contents: string): Promise<void> {
  await rename(await writeTemporary(root, path, contents), join(root, path));
}

/** Never overwrites: a file that appeared in the meantime is somebody's work. */
async function createFile(root: string, path: string, contents: string): Promise<void> {
  const temporary = await writeTemporary(root, path, contents);
  try {
    await link(temporary, join(root, path));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      await writeFile(join(root, path), contents, { flag: 'wx' }).catch(ignoring('EEXIST'));
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

const LEFTOVER = /^\.(.+)\.(\d+)\.hardened-mcp-tmp$/;

async function writeTemporary(root: string, path: string, contents: string): Promise<string> {
  const directory = join(root, dirname(path));
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.${basename(path)}.${process.pid}.hardened-mcp-tmp`);
  await writeFile(temporary, contents);
  return temporary;
}

/** Whether a file name is that of a half-written file. */
export function isLeftover(name: string): boolean {
  return LEFTOVER.test(name);
}

/** Removes half-written files of runs that are over, beside the files that such a run meant to write. */
async function removeLeftovers(root: string, paths: readonly string[]): Promise<void> {
  const directories = new Set([LOCK_PATH, ...paths].map((path) => join(root, dirname(path))));
  for (const directory of directories) {
    const names = await readdir(directory).catch(ignoring('ENOENT'));
    for (const name of (names ?? []).filter((name) => isOver(LEFTOVER.exec(name)?.[2]))) {
      await rm(join(directory, name), { force: true });
    }
  }
}

function isOver(pid: string | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return Number(pid) === process.pid;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Removes a file, and the directories that it leaves empty. */
async function deleteFile(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
  let directory = dirname(path);
  while (directory !== '.') {
    try {
      await rmdir(join(root, directory));
    } catch {
      return;
    }
    directory = dirname(directory);
  }
}

function ignoring(code: string): (error: unknown) => undefined {
  return (error) => {
    if (codeOf(error) !== code) throw error;
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
