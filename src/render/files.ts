/**
 * THE table: every path of a generated project, where its contents come from, who owns it, and when it
 * exists. A source that ends in `.hbs` is rendered with the row's view; any other is copied byte for byte.
 */
import type { ProjectModel, ToolModel, UpstreamModel } from '../model/project.ts';
import type { RenderContext } from './context.ts';
import { projectRows } from './files-project.ts';
import { testRows } from './files-test.ts';
import { toolRows } from './files-tool.ts';
import { upstreamRows } from './files-upstream.ts';

/**
 * `you`: written once, then yours. `generated`: rewritten by every generate. `kernel`: copied whole from the
 * generator, the same in every project that needs it.
 */
export type Owner = 'you' | 'generated' | 'kernel';

/** One file of a project. */
export interface ProjectRow {
  readonly each: 'project';
  readonly path: string;
  /** Relative to `templates/project/`. */
  readonly source: string;
  readonly owner: Exclude<Owner, 'kernel'>;
  /** Of the context, only a file of yours may ask: the rest is the same for every generate. */
  readonly when?: (model: ProjectModel, context: RenderContext) => boolean;
  /** Needed by a source that ends in `.hbs`. */
  readonly view?: (model: ProjectModel, context: RenderContext) => object;
}

/** One file for each tool that `when` lets through. */
export interface ToolRow {
  readonly each: 'tool';
  readonly path: (tool: ToolModel) => string;
  readonly source: string;
  readonly owner: Exclude<Owner, 'kernel'>;
  /** A file of yours without which the project does not compile: written again when it is gone. */
  readonly needed?: true;
  /** A file of yours that is written only together with this other one. */
  readonly onlyWith?: (tool: ToolModel) => string;
  readonly when?: (tool: ToolModel, model: ProjectModel) => boolean;
  readonly view: (tool: ToolModel, model: ProjectModel) => object;
}

/** One file for each upstream that `when` lets through. */
export interface UpstreamRow {
  readonly each: 'upstream';
  readonly path: (upstream: UpstreamModel) => string;
  readonly source: string;
  readonly owner: Exclude<Owner, 'kernel'>;
  /** A file of yours without which the project does not compile: written again when it is gone. */
  readonly needed?: true;
  readonly when: (upstream: UpstreamModel) => boolean;
  readonly view: (upstream: UpstreamModel) => object;
}

export type FileRow = ProjectRow | ToolRow | UpstreamRow;

export const files: readonly FileRow[] = [...projectRows, ...upstreamRows, ...toolRows, ...testRows];
