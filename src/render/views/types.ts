/** For `src/generated/types/tool.ts.hbs`: the TypeScript types of one tool. */
import type { ProjectModel, ToolModel } from '../../model/project.ts';

export interface TypesView {
  readonly manifestFile: string;
  readonly name: string;
  readonly type: string;
  readonly declarations: string;
  readonly codes: readonly string[];
  readonly isHandler: boolean;
}

export function typesView(tool: ToolModel, model: ProjectModel): TypesView {
  return {
    manifestFile: model.manifestFile,
    name: tool.name,
    type: tool.names.type,
    declarations: tool.typesSource.trim(),
    codes: [...new Set(tool.errors.map((error) => error.code))],
    isHandler: tool.kind === 'handler',
  };
}
