/** What is to be done to a project's directory: every file's change, and the lock before and after. */
import { join } from 'node:path';

import type { RenderedFile } from '../render/render.ts';
import { findObstacle, type Obstacle } from './boundary.ts';
import { readDisk, readText } from './disk.ts';
import { sha256 } from './hash.ts';
import { LOCK_PATH, lockEntry, parseLock, printLock, type Lock, type LockEntry } from './lockfile.ts';
import { reconcile, refuses, writes, type Change } from './reconcile.ts';

export interface Plan {
  /** Sorted by path; the lock's own change among them. */
  readonly changes: readonly Change[];
  readonly lockBefore: Lock | undefined;
  readonly lockAfter: Lock;
  /** Why the lock cannot be read. Everything is then planned as if there were none. */
  readonly lockProblem: string | undefined;
  /** What keeps a planned file from being written, whatever is forced. */
  readonly obstacles: readonly Obstacle[];
}

/** What stands in the lock beside the files. */
export interface LockFacts {
  /** Version of the generator. */
  readonly generator: string;
  readonly manifestText: string;
  /** Tool name → what `tools/list` shows of it. */
  readonly tools: Readonly<Record<string, unknown>>;
}

/** Compares the rendered files with the directory. Reads only. */
export async function planProject(root: string, rendered: readonly RenderedFile[], facts: LockFacts): Promise<Plan> {
  const lockText = await readText(join(root, LOCK_PATH));
  const reading = parseLock(lockText);
  const lockBefore = 'problem' in reading ? undefined : reading.lock;
  const known = [...Object.keys(lockBefore?.files ?? {}), ...Object.keys(lockBefore?.pending ?? {})];
  const disk = await readDisk(root, [...rendered.map((file) => file.path), ...known]);
  const changes = reconcile({ rendered, lock: lockBefore, disk });
  const lockAfter = lockFor(changes, lockBefore, facts);
  return {
    changes: [...changes, lockChange(lockText, printLock(lockAfter))].sort((a, b) => (a.path < b.path ? -1 : 1)),
    lockBefore,
    lockAfter,
    lockProblem: 'problem' in reading ? reading.problem : undefined,
    obstacles: await findObstacles(root, changes),
  };
}

/** The lock once every change is carried out. */
function lockFor(changes: readonly Change[], before: Lock | undefined, facts: LockFacts): Lock {
  const entries = changes.flatMap((change): readonly (readonly [string, LockEntry])[] => {
    const entry = entryAfter(change, before?.files[change.path]);
    return entry === undefined ? [] : [[change.path, entry]];
  });
  return {
    version: 1,
    generator: facts.generator,
    manifest: sha256(facts.manifestText),
    files: Object.fromEntries(entries),
    tools: facts.tools,
  };
}

function entryAfter({ kind, before, planned }: Change, known: LockEntry | undefined): LockEntry | undefined {
  if (kind === 'delete') return undefined;
  const wasNeverThere = kind === 'kept' && before === undefined;
  return planned === undefined || wasNeverThere ? known : lockEntry(planned);
}

function lockChange(before: string | undefined, after: string): Change {
  const planned = { path: LOCK_PATH, owner: 'generated', contents: after } as const;
  const change = { path: planned.path, owner: planned.owner, planned };
  if (before === undefined) return { ...change, kind: 'create' };
  return { ...change, kind: before === after ? 'unchanged' : 'replace', before };
}

/** One for each obstacle, however many files it stands before. */
async function findObstacles(root: string, changes: readonly Change[]): Promise<readonly Obstacle[]> {
  const touched = changes.filter((change) => writes(change) || refuses(change));
  const paths = [...touched.map(({ path }) => path), LOCK_PATH];
  const found = await Promise.all(paths.map((path) => findObstacle(root, path)));
  const obstacles = found.filter((obstacle) => obstacle !== undefined);
  return [...new Map(obstacles.map((obstacle) => [obstacle.path, obstacle])).values()];
}
