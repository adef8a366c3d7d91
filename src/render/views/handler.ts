/** For `src/tools/tool.ts.hbs` and `test/tools/tool.test.ts.hbs`: what a handler's author starts from. */
import type { ProjectModel, ToolModel } from '../../model/project.ts';
import type { Printable } from '../literal.ts';
import { describeTool } from './tool.ts';

export interface HandlerView {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  readonly about: string;
  readonly writes: boolean;
  /** Arguments that the tool's schema accepts. */
  readonly sample: Printable;
}

export function handlerView(tool: ToolModel, _model: ProjectModel): HandlerView {
  return {
    name: tool.name,
    file: tool.names.file,
    type: tool.names.type,
    about: describeTool(tool),
    writes: tool.mutability !== 'read-only',
    sample: tool.samples.accepted[0] ?? {},
  };
}
