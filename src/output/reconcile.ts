/** Decides what becomes of every file. Pure: generate, dry run, check and watch compare the same list. */
import type { Owner } from '../render/files.ts';
import type { RenderedFile } from '../render/render.ts';
import type { Disk, DiskEntry } from './disk.ts';
import { sha256 } from './hash.ts';
import { knows, ownHashes, type Lock } from './lockfile.ts';

/**
 * What becomes of one file.
 * - `create` · `replace` · `delete`: written (or, in a dry run, would be)
 * - `unchanged`: nothing to do; `adopt`: nothing to do but to note it in the lock
 * - `kept`: yours, and left as it is, also where you removed it
 * - `kept-handler`: your handler or its test, of a tool that is gone
 * - `edited`: generated, and changed by hand since; `in-the-way`: there, but not written by generate. Both refuse.
 * - `orphaned`: planned no longer, but edited or unknown, so it stays
 */
export type ChangeKind =
  | 'create'
  | 'replace'
  | 'delete'
  | 'unchanged'
  | 'adopt'
  | 'kept'
  | 'kept-handler'
  | 'edited'
  | 'in-the-way'
  | 'orphaned';

export interface Change {
  readonly kind: ChangeKind;
  readonly path: string;
  readonly owner: Owner;
  /** Text on disk; absent where there is none, or where it is no file. */
  readonly before?: string;
  /** What is planned; absent where the file is planned no longer. */
  readonly planned?: RenderedFile;
}

export interface Situation {
  readonly rendered: readonly RenderedFile[];
  readonly lock: Lock | undefined;
  readonly disk: Disk;
}

/** One change for each file that is planned, known to the lock, or lies where everything is generated; sorted by path. */
export function reconcile(situation: Situation): readonly Change[] {
  const { rendered, disk, lock } = situation;
  const planned = new Set(rendered.map((file) => file.path));
  const known = [...Object.keys(lock?.files ?? {}), ...Object.keys(lock?.pending ?? {}), ...disk.keys()];
  const unplanned = [...new Set(known)].filter((path) => !planned.has(path));
  return [
    ...rendered.map((file) => reconcileFile(file, situation)),
    ...unplanned.flatMap((path) => reconcileUnplanned(path, situation)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function reconcileFile(file: RenderedFile, situation: Situation): Change {
  const entry = situation.disk.get(file.path);
  const kind = file.owner === 'you' ? decideYours(file, situation) : decideGenerated(file, entry, situation.lock);
  return { kind, path: file.path, owner: file.owner, ...textOf(entry), planned: file };
}

function decideGenerated(file: RenderedFile, entry: DiskEntry | undefined, lock: Lock | undefined): ChangeKind {
  if (entry === undefined) return 'create';
  if (entry.kind === 'other') return 'in-the-way';
  const own = ownHashes(lock, file.path);
  if (entry.sha256 === sha256(file.contents))
    return own.length === 1 && own[0] === entry.sha256 ? 'unchanged' : 'adopt';
  if (own.includes(entry.sha256)) return 'replace';
  return knows(lock, file.path) ? 'edited' : 'in-the-way';
}

/** A file of yours is written once: not again after you removed it, unless nothing compiles without it. */
function decideYours(file: RenderedFile, { rendered, lock, disk }: Situation): ChangeKind {
  if (disk.has(file.path)) return 'kept';
  if (lock?.pending !== undefined && Object.hasOwn(lock.pending, file.path)) return 'create';
  if (file.needed === true) return 'create';
  const other = rendered.find(({ path }) => path === file.onlyWith);
  if (other !== undefined) return disk.has(other.path) ? 'kept' : 'create';
  return lock !== undefined && Object.hasOwn(lock.files, file.path) ? 'kept' : 'create';
}

function reconcileUnplanned(path: string, { lock, disk }: Situation): readonly Change[] {
  const entry = disk.get(path);
  if (entry === undefined) return [];
  const known = lock?.files[path];
  const change = { path, owner: known?.owner ?? 'generated', ...textOf(entry) };
  if (known?.owner === 'you') return [{ ...change, kind: known.tool === undefined ? 'kept' : 'kept-handler' }];
  const untouched = entry.kind === 'file' && ownHashes(lock, path).includes(entry.sha256);
  return [{ ...change, kind: untouched ? 'delete' : 'orphaned' }];
}

function textOf(entry: DiskEntry | undefined): { readonly before?: string } {
  return entry?.kind === 'file' ? { before: entry.text } : {};
}

/** What `--force` makes of the list: edited files are overwritten; what is no file, or orphaned, stays all the same. */
export function forceChanges(changes: readonly Change[]): readonly Change[] {
  return changes.map((change) =>
    refuses(change) && change.before !== undefined ? { ...change, kind: 'replace' } : change,
  );
}

/** Whether generate must not go on without `--force`. */
export function refuses(change: Change): boolean {
  return change.kind === 'edited' || change.kind === 'in-the-way';
}

/** Whether the change touches the file on disk. */
export function writes(change: Change): boolean {
  return change.kind === 'create' || change.kind === 'replace' || change.kind === 'delete';
}
