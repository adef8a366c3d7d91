/** Drift: in which ways a project is not what its manifest says. */
import type { Owner } from '../render/files.ts';
import { unifiedDiff } from './diff.ts';
import type { Change, ChangeKind } from './reconcile.ts';

/**
 * `missing`: planned, not there · `stale`: there, older than the manifest · `edited`: changed by hand, or not
 * written by generate · `orphaned`: there, no longer planned.
 */
export interface FileFinding {
  readonly kind: 'missing' | 'stale' | 'edited' | 'orphaned';
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly owner: Owner;
  /** From the disk to what is planned. */
  readonly diff: string;
}

const FINDINGS: Readonly<Partial<Record<ChangeKind, FileFinding['kind']>>> = {
  create: 'missing',
  replace: 'stale',
  edited: 'edited',
  'in-the-way': 'edited',
  delete: 'orphaned',
  orphaned: 'orphaned',
};

/** One finding for each file that generate would change, or would refuse to. */
export function findDrift(changes: readonly Change[]): readonly FileFinding[] {
  return changes.flatMap((change) => {
    const kind = FINDINGS[change.kind];
    return kind === undefined ? [] : [{ kind, path: change.path, owner: change.owner, diff: diffOf(change) }];
  });
}

/** The unified diff from the disk to what is planned. */
export function diffOf({ path, before, planned }: Change): string {
  return unifiedDiff(path, before, planned?.contents);
}
