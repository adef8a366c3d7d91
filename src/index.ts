/**
 * The programmatic API: the stages in order. Nothing here prints, exits or throws for a manifest that is
 * wrong: every outcome is data. What throws is a fault of the generator or of the file system.
 *
 * @example
 * const result = await generate({ cwd: '/projects/billing' });
 * if (result.status === 'invalid') console.error(result.diagnostics);
 */
import { join, relative, resolve, sep } from 'node:path';

import { createDiagnostic, hasErrors, type Diagnostic } from './diagnostics/diagnostic.ts';
import { placeDiagnostics } from './manifest/finding.ts';
import { findManifest, loadManifest, MANIFEST_NAMES, parseManifest, type LoadResult } from './manifest/load.ts';
import { buildProject } from './model/build.ts';
import type { ProjectModel } from './model/project.ts';
import { describeRecovery } from './model/recovery.ts';
import { findDependencies } from './output/dependencies.ts';
import { readText } from './output/disk.ts';
import { findDrift } from './output/findings.ts';
import { LOCK_PATH } from './output/lockfile.ts';
import { planProject, type Plan } from './output/plan.ts';
import { forceChanges, refuses, writes, type Change } from './output/reconcile.ts';
import {
  reportChanges,
  type CheckResult,
  type GenerateNotes,
  type GenerateResult,
  type Invalid,
} from './output/result.ts';
import { writeChanges } from './output/write.ts';
import { runtimeDependencies } from './render/dependencies.ts';
import type { PackageManager } from './render/package-manager.ts';
import { renderProject, type RenderedFile } from './render/render.ts';
import { shownTools } from './render/shown-tools.ts';
import { withUserFiles } from './render/user-files.ts';
import { GENERATOR_VERSION } from './render/versions.ts';

export interface ProjectLocation {
  /** The project's directory; absolute or relative to the process's. */
  readonly cwd: string;
  /** The manifest, relative to `cwd`; absent: `hardened-mcp.yaml`, then `.yml`, then `.json`. */
  readonly manifest?: string;
}

export interface GenerateOptions extends ProjectLocation {
  /** Overwrites generated files that were edited by hand, and files that stand in the way. */
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
  /** The one that the project's README and CI speak of; absent: npm. */
  readonly packageManager?: PackageManager;
  readonly dryRun?: boolean;
}

/** Reads and checks a project's manifest. */
export async function load(location: ProjectLocation): Promise<LoadResult> {
  const cwd = resolve(location.cwd);
  const file = location.manifest ?? (await findManifest(cwd));
  if (file !== undefined) return loadManifest({ file, cwd });
  const { source } = parseManifest('', MANIFEST_NAMES[0]);
  const diagnostic = createDiagnostic('manifest-not-found', { looked: [...MANIFEST_NAMES] });
  return { manifest: undefined, diagnostics: [diagnostic], source };
}

/** Brings the generated files of a project in line with its manifest. */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const root = resolve(options.cwd);
  const project = await buildModel(root, await load(options));
  if ('status' in project) return project;
  return carryOut(root, project, await renderProject(project.model), options);
}

/** The same chain in memory: what `generate` would have to change. Writes nothing. */
export async function check(location: ProjectLocation): Promise<CheckResult> {
  const root = resolve(location.cwd);
  const project = await buildModel(root, await load(location));
  if ('status' in project) return project;
  const { model, source } = project;
  const plan = await planFiles(root, project, await renderProject(model));
  const packageJson = await readText(join(root, 'package.json'));
  const findings = [
    ...findDrift(plan.changes),
    ...findDependencies(packageJson, await runtimeDependencies(model)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const diagnostics = [...project.diagnostics, ...lockDiagnostics(plan)];
  const status = findings.length > 0 || hasErrors(diagnostics) ? 'drifted' : 'current';
  return { status, findings, diagnostics, source };
}

/** A new project: the manifest, your further files, and everything that `generate` writes. */
export async function create(options: CreateOptions): Promise<GenerateResult> {
  const root = resolve(options.cwd);
  const { file, text } = options.manifest;
  const project = await buildModel(root, parseManifest(text, file));
  if ('status' in project) return project;
  const { userFiles = {} } = options;
  const rendered = await renderProject(project.model, options);
  return carryOut(root, project, withUserFiles(rendered, { ...userFiles, [file]: text }), options);
}

/** A manifest that can be generated from. */
interface Project {
  readonly model: ProjectModel;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: LoadResult['source'];
}

async function buildModel(root: string, loaded: LoadResult): Promise<Project | Invalid> {
  const { manifest, source } = loaded;
  if (manifest === undefined) return { status: 'invalid', diagnostics: loaded.diagnostics, source };
  const manifestFile = relative(root, resolve(root, source.file)).replaceAll(sep, '/');
  const built = await buildProject(manifest, { manifestFile });
  const diagnostics = [...loaded.diagnostics, ...placeDiagnostics(built.diagnostics, source)];
  if (built.model === undefined || hasErrors(diagnostics)) return { status: 'invalid', diagnostics, source };
  return { model: built.model, diagnostics, source };
}

function planFiles(root: string, { model, source }: Project, rendered: readonly RenderedFile[]): Promise<Plan> {
  return planProject(root, rendered, {
    generator: GENERATOR_VERSION,
    manifestText: source.text.replaceAll('\r\n', '\n'),
    tools: shownTools(model),
  });
}

/** Writes what is planned, or says why not. */
async function carryOut(
  root: string,
  project: Project,
  rendered: readonly RenderedFile[],
  { force = false, dryRun = false }: Pick<GenerateOptions, 'force' | 'dryRun'>,
): Promise<GenerateResult> {
  const plan = await planFiles(root, project, rendered);
  const changes = force ? forceChanges(plan.changes) : plan.changes;
  const problems = [...obstacleDiagnostics(plan, changes), ...(force ? [] : lockDiagnostics(plan))];
  const result = {
    changes: reportChanges(changes),
    notes: notesOn(project.model, changes),
    diagnostics: [...project.diagnostics, ...problems],
    source: project.source,
  };
  if (problems.length > 0) return { status: 'refused', ...result };
  if (dryRun) return { status: 'planned', ...result };
  if (changes.some(writes)) {
    await writeChanges({ root, changes, before: plan.lockBefore, after: plan.lockAfter });
  }
  return { status: 'written', ...result };
}

function obstacleDiagnostics(plan: Plan, changes: readonly Change[]): readonly Diagnostic[] {
  return [
    ...plan.obstacles.map(({ kind, path }) =>
      createDiagnostic(kind === 'outside' ? 'path-outside-root' : 'file-in-the-way', { path }),
    ),
    ...changes
      .filter(refuses)
      .map(({ kind, path }) => createDiagnostic(kind === 'edited' ? 'file-edited' : 'file-in-the-way', { path })),
  ];
}

function lockDiagnostics({ lockProblem }: Plan): readonly Diagnostic[] {
  return lockProblem === undefined
    ? []
    : [createDiagnostic('lock-unreadable', { path: LOCK_PATH, reason: lockProblem })];
}

function notesOn(model: ProjectModel, changes: readonly Change[]): GenerateNotes {
  const handlers = changes.filter(({ planned }) => planned?.needed === true);
  return {
    privateUpstreams: model.upstreams.filter(({ addresses }) => addresses === 'private').map(({ name }) => name),
    recovery: model.tools
      .filter((tool) => tool.idempotency !== undefined)
      .map((tool) => ({ tool: tool.name, text: describeRecovery(tool, model) })),
    newHandlers: handlers.filter(({ kind }) => kind === 'create').map(({ path }) => path),
    keptHandlers: changes.filter(({ kind }) => kind === 'kept-handler').map(({ path }) => path),
  };
}

export type { Diagnostic } from './diagnostics/diagnostic.ts';
export type { LoadResult } from './manifest/load.ts';
export type { DependencyFinding } from './output/dependencies.ts';
export type { FileFinding } from './output/findings.ts';
export type { ChangeKind } from './output/reconcile.ts';
export type {
  Checked,
  CheckResult,
  FileChange,
  Finding,
  Generated,
  GenerateNotes,
  GenerateResult,
  Invalid,
  SourceText,
} from './output/result.ts';
export type { Owner } from './render/files.ts';
export type { PackageManager } from './render/package-manager.ts';
