/** What lies in a project's directory, read once before anything is planned. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { findObstacle } from './boundary.ts';
import { sha256 } from './hash.ts';
import { isLeftover } from './write.ts';

/** `other`: a directory, a link, a device: nothing that generate would have written. */
export type DiskEntry =
  | { readonly kind: 'file'; readonly text: string; readonly sha256: string }
  | { readonly kind: 'other' };

/** Path, relative to the project and with forward slashes → what is there; absent paths are absent. */
export type Disk = ReadonlyMap<string, DiskEntry>;

/** Directories in which every file is generated, so that any other is a stranger. */
const GENERATED_DIRECTORIES = ['src/generated', 'src/kernel', 'test/generated'] as const;

/** Reads the given paths, and all files in the directories that belong to the generator. */
export async function readDisk(root: string, paths: Iterable<string>): Promise<Disk> {
  const listed = await Promise.all(GENERATED_DIRECTORIES.map((directory) => listFiles(root, directory)));
  const wanted = [...new Set([...paths, ...listed.flat()])].sort();
  const entries = await Promise.all(wanted.map(async (path) => [path, await readEntry(join(root, path))] as const));
  return new Map(entries.filter((entry): entry is readonly [string, DiskEntry] => entry[1] !== undefined));
}

/** One text file, or nothing where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  const entry = await readEntry(path);
  return entry?.kind === 'file' ? entry.text : undefined;
}

async function readEntry(path: string): Promise<DiskEntry | undefined> {
  const status = await lstat(path).catch(absentAsUndefined);
  if (status === undefined) return undefined;
  if (!status.isFile()) return { kind: 'other' };
  const bytes = await readFile(path);
  return { kind: 'file', text: bytes.toString('utf8'), sha256: sha256(bytes) };
}

async function listFiles(root: string, directory: string): Promise<readonly string[]> {
  // A link would have everything read that lies behind it.
  if ((await findObstacle(root, `${directory}/any`)) !== undefined) return [];
  const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true }).catch(
    absentAsUndefined,
  );
  return (entries ?? [])
    .filter((entry) => !entry.isDirectory() && !isLeftover(entry.name))
    .map((entry) => posix.join(toPosix(entry.parentPath.slice(root.length + 1)), entry.name));
}

function toPosix(path: string): string {
  return path.replaceAll('\\', '/');
}

function absentAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
