/** For `src/generated/validators/tool.js.hbs`: the compiled schemas of one tool. */
import type { ProjectModel, ToolModel } from '../../model/project.ts';

export interface ValidatorsView {
  readonly manifestFile: string;
  readonly source: string;
}

export function validatorsView(tool: ToolModel, model: ProjectModel): ValidatorsView {
  return { manifestFile: model.manifestFile, source: tool.validatorsSource.trim() };
}
