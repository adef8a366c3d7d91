/** What the programmatic API answers. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Owner } from '../render/files.ts';
import type { DependencyFinding } from './dependencies.ts';
import { diffOf, type FileFinding } from './findings.ts';
import type { Change, ChangeKind } from './reconcile.ts';

/** The text that diagnostics point into. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

export interface FileChange {
  readonly kind: ChangeKind;
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly owner: Owner;
  /** Unified diff from the disk to what is planned; where both differ. */
  readonly diff?: string;
}

export interface GenerateNotes {
  /** Upstreams whose names may lead into a private network. */
  readonly privateUpstreams: readonly string[];
  /** One plain sentence per tool that writes: what a crash at the worst moment leaves. */
  readonly recovery: readonly { readonly tool: string; readonly text: string }[];
  /** Handler stubs that were written now and wait for their author. */
  readonly newHandlers: readonly string[];
  /** Handlers, and their tests, of tools that are gone: yours to delete. */
  readonly keptHandlers: readonly string[];
}

/** The manifest cannot be generated from; nothing was written. */
export interface Invalid {
  readonly status: 'invalid';
  readonly diagnostics: readonly Diagnostic[];
  readonly source: SourceText;
}

export interface Generated {
  /** `refused`: something stands in the way, and nothing was written. `planned`: a dry run. */
  readonly status: 'written' | 'planned' | 'refused';
  /** Every file of the project, sorted by path. */
  readonly changes: readonly FileChange[];
  readonly notes: GenerateNotes;
  /** Warnings about the manifest; where refused, an error for each file that is the reason. */
  readonly diagnostics: readonly Diagnostic[];
  readonly source: SourceText;
}

export type GenerateResult = Invalid | Generated;

export type Finding = FileFinding | DependencyFinding;

export interface Checked {
  /** `drifted`: there are findings, or errors among the diagnostics. */
  readonly status: 'current' | 'drifted';
  /** Sorted by path. */
  readonly findings: readonly Finding[];
  readonly diagnostics: readonly Diagnostic[];
  readonly source: SourceText;
}

export type CheckResult = Invalid | Checked;

/** Changes as they are reported: with a diff where the disk has something else than what is planned. */
export function reportChanges(changes: readonly Change[]): readonly FileChange[] {
  return changes.map((change) => {
    const { kind, path, owner } = change;
    const differs = kind === 'replace' || kind === 'edited' || kind === 'in-the-way';
    return { kind, path, owner, ...(differs && { diff: diffOf(change) }) };
  });
}
