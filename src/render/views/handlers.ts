/** For `src/generated/handlers.ts.hbs`: each handler tool joined with its handler. */
import type { ProjectModel } from '../../model/project.ts';
import { toolConstant } from './tool.ts';

export interface HandlersView {
  readonly manifestFile: string;
  readonly tools: readonly {
    readonly file: string;
    readonly constant: string;
    readonly declaration: string;
    readonly handler: string;
    readonly type: string;
  }[];
}

export function handlersView(model: ProjectModel): HandlersView {
  const tools = model.tools.filter((tool) => tool.kind === 'handler');
  return {
    manifestFile: model.manifestFile,
    tools: tools.map((tool) => ({
      file: tool.names.file,
      constant: toolConstant(tool),
      declaration: `${tool.names.identifier}Declaration`,
      handler: `${tool.names.identifier}Handler`,
      type: tool.names.type,
    })),
  };
}
