/**
 * The programmatic API: the stages in order. Nothing here prints, exits or throws for a manifest that is
 * wrong: every outcome is data.
 *
 * @example
 * const result = await generate({ cwd: '/projects/billing' });
 * if (result.status === 'refused') console.error(result.changes.filter((change) => change.diff));
 */
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { Owner } from './render/files.ts';

export interface ProjectLocation {
  /** The project's directory; absolute or relative to the process's. */
  readonly cwd: string;
  /** The manifest, relative to `cwd`; absent: `hardened-mcp.yaml`, then `.yml`, then `.json`. */
  readonly manifest?: string;
}

export interface GenerateOptions extends ProjectLocation {
  /** Overwrites generated files that were edited by hand or stood in the way. */
  readonly force?: boolean;
  /** Plans everything and writes nothing. */
  readonly dryRun?: boolean;
}

export interface CreateOptions {
  /** Where the project goes; made if missing. */
  readonly cwd: string;
  /** The manifest's text, and the name under which it is written: `hardened-mcp.yaml`. */
  readonly manifest: { readonly file: string; readonly text: string };
  /** Further files of yours (UTF-8), by their path in the project: the handlers of an example. */
  readonly userFiles?: Readonly<Record<string, string>>;
  /** The npm spec of the generator in the project's package.json; absent: this version. */
  readonly generator?: string;
  readonly dryRun?: boolean;
}

/** The text that diagnostics point into. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/**
 * What becomes of one file.
 * - `create` · `replace` · `delete`: written (or, in a dry run, would be)
 * - `unchanged`: nothing to do; `adopt`: nothing to do but to note it in the lock
 * - `kept`: yours and there, whatever it holds
 * - `kept-handler`: your handler or its test, of a tool that is gone
 * - `edited`: generated, and changed by hand since; `in-the-way`: a file that generate did not write. Both refuse.
 * - `orphaned`: no longer planned, but edited or unknown, so it stays
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

export interface FileChange {
  readonly kind: ChangeKind;
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly owner: Owner;
  /** Unified diff from the disk to what is planned; for files whose contents differ. */
  readonly diff?: string;
}

export interface GenerateNotes {
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

export type GenerateResult =
  | Invalid
  | {
      /** `refused`: edited files stand in the way; nothing was written. `planned`: a dry run. */
      readonly status: 'written' | 'planned' | 'refused';
      /** Every file of the project, sorted by path. */
      readonly changes: readonly FileChange[];
      readonly notes: GenerateNotes;
      /** Warnings; errors only where refused. */
      readonly diagnostics: readonly Diagnostic[];
      readonly source: SourceText;
    };

export type Finding =
  /**
   * `missing`: planned, not there · `stale`: there, older than the manifest · `edited`: changed by hand, or not
   * written by generate · `orphaned`: there, no longer planned.
   */
  | {
      readonly kind: 'missing' | 'stale' | 'edited' | 'orphaned';
      readonly path: string;
      readonly owner: Owner;
      readonly diff?: string;
    }
  /** A package that the kernel needs is absent from your package.json, or older than `needed`. */
  | {
      readonly kind: 'dependency';
      readonly path: 'package.json';
      readonly name: string;
      readonly needed: string;
      readonly found?: string;
    };

export type CheckResult =
  | Invalid
  | {
      readonly status: 'current' | 'drifted';
      /** Sorted by path. */
      readonly findings: readonly Finding[];
      readonly diagnostics: readonly Diagnostic[];
      readonly source: SourceText;
    };

export type { Diagnostic, Owner };

/** Brings the generated files of a project in line with its manifest. */
export declare function generate(options: GenerateOptions): Promise<GenerateResult>;

/** The same chain in memory: what `generate` would have to change. Writes nothing. */
export declare function check(options: ProjectLocation): Promise<CheckResult>;

/** A new project: the manifest, your further files, and everything that `generate` writes. */
export declare function create(options: CreateOptions): Promise<GenerateResult>;
