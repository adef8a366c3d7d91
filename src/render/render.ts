/** From the model to the files of a project. Reads templates and the kernel; writes nothing. */
import type { ProjectModel, ToolModel } from '../model/project.ts';
import type { RenderContext } from './context.ts';
import { versionsOf } from './dependencies.ts';
import { files, type FileRow, type Owner, type ToolRow, type UpstreamRow } from './files.ts';
import { formatFile } from './format.ts';
import { kernelEntries, readKernel, type Kernel } from './kernel.ts';
import type { PackageManager } from './package-manager.ts';
import { loadTemplate, readVerbatim } from './templates.ts';
import { GENERATOR_VERSION } from './versions.ts';

export interface RenderedFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly contents: string;
  readonly owner: Owner;
  /** The tool that a file of yours was written for. */
  readonly tool?: string;
  /** A file of yours without which the project does not compile: written again when it is gone. */
  readonly needed?: true;
  /** A file of yours that is written only together with this other one. */
  readonly onlyWith?: string;
}

export interface RenderOptions {
  /** The npm spec of the generator in a new package.json; absent: this version. */
  readonly generator?: string;
  /** Of a new project; absent: npm. */
  readonly packageManager?: PackageManager;
}

/** One file of the table, for this model: everything but its contents. */
interface PlannedFile extends Omit<RenderedFile, 'contents'> {
  readonly source: string;
  readonly view: object | undefined;
}

/**
 * Every file of the project, sorted by path. The same model gives the same bytes.
 *
 * @throws Error for a fault of the generator: a template that names what its view lacks, two files with one path.
 */
export async function renderProject(
  model: ProjectModel,
  options: RenderOptions = {},
): Promise<readonly RenderedFile[]> {
  const kernel = await readKernel(kernelEntries(model));
  const context = {
    generator: options.generator ?? GENERATOR_VERSION,
    packageManager: options.packageManager ?? 'npm',
    dependencies: versionsOf(kernel.packages),
  };
  const planned = files.flatMap((row) => planRow(row, model, context));
  const rendered = await Promise.all(planned.map(renderFile));
  const project = [...rendered, ...kernelFiles(kernel)].sort((a, b) => (a.path < b.path ? -1 : 1));
  refuseCollisions(project);
  return project;
}

function planRow(row: FileRow, model: ProjectModel, context: RenderContext): readonly PlannedFile[] {
  if (row.each === 'tool') return planToolRow(row, model);
  if (row.each === 'upstream') return planUpstreamRow(row, model);
  if (row.when?.(model, context) === false) return [];
  return [{ path: row.path, source: row.source, owner: row.owner, view: row.view?.(model, context) }];
}

function planToolRow(row: ToolRow, model: ProjectModel): readonly PlannedFile[] {
  const tools = model.tools.filter((tool) => row.when?.(tool, model) !== false);
  return tools.map((tool) => planToolFile(row, tool, model));
}

function planUpstreamRow({ path, source, owner, needed, when, view }: UpstreamRow, { upstreams }: ProjectModel) {
  return upstreams.filter(when).map((upstream): PlannedFile => ({
    path: path(upstream),
    source,
    owner,
    view: view(upstream),
    ...(needed && { needed }),
  }));
}

function planToolFile(row: ToolRow, tool: ToolModel, model: ProjectModel): PlannedFile {
  return {
    path: row.path(tool),
    source: row.source,
    owner: row.owner,
    tool: tool.name,
    view: row.view(tool, model),
    ...(row.needed && { needed: row.needed }),
    ...(row.onlyWith && { onlyWith: row.onlyWith(tool) }),
  };
}

async function renderFile({ source, view, ...file }: PlannedFile): Promise<RenderedFile> {
  if (view === undefined) return { ...file, contents: await readVerbatim(source) };
  const template = await loadTemplate(source);
  return { ...file, contents: await formatFile(file.path, template(view)) };
}

function kernelFiles(kernel: Kernel): readonly RenderedFile[] {
  return [...kernel.files].map(([path, contents]) => ({ path: `src/kernel/${path}`, contents, owner: 'kernel' }));
}

function refuseCollisions(project: readonly RenderedFile[]): void {
  const seen = new Set<string>();
  for (const { path } of project) {
    if (seen.has(path.toLowerCase())) throw new Error(`Two files of the project have the path ${path}`);
    seen.add(path.toLowerCase());
  }
}
