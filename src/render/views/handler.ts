/** For `src/tools/tool.ts.hbs` and `test/tools/tool.test.ts.hbs`: what a handler's author starts from. */
import type { ProjectModel, ToolModel } from '../../model/project.ts';
import type { Printable } from '../literal.ts';
import { describeTool } from './tool.ts';

export interface HandlerView {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  readonly about: string;
  /** It writes, and nothing runs it twice for one key. */
  readonly once: boolean;
  /** It sets a value, and may be run any number of times. */
  readonly again: boolean;
  /** Where the upstream takes the key; it is run again under the same one. */
  readonly upstreamKey: string | undefined;
  /** It is run again, but for the steps that it finished. */
  readonly resumes: boolean;
  /** Arguments that the tool's schema accepts. */
  readonly sample: Printable;
}

export function handlerView(tool: ToolModel, _model: ProjectModel): HandlerView {
  const recovery = tool.idempotency?.recovery;
  return {
    name: tool.name,
    file: tool.names.file,
    type: tool.names.type,
    about: describeTool(tool),
    once: recovery === 'quarantine' || recovery === 'look-up',
    again: recovery === 'send-again',
    upstreamKey: describeKey(tool),
    resumes: recovery === 'resume',
    sample: tool.samples.accepted[0] ?? {},
  };
}

function describeKey({ idempotency }: ToolModel): string | undefined {
  if (idempotency === undefined || idempotency.strategy === 'natural') return undefined;
  const key = idempotency.upstreamKey;
  if (key === undefined) return undefined;
  return key.place === 'header' ? `in the header ${key.name}` : `as ${key.name} in the body`;
}
