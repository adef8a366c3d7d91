/** For `src/generated/tools/tool.ts.hbs`: one tool, declared in one file. */
import type { ProjectModel, ToolModel } from '../../model/project.ts';
import { importedNames } from '../expression-code.ts';
import type { Printable } from '../literal.ts';
import { policyOf, preconditionOf } from './policy.ts';
import { errorOf, requestOf } from './request.ts';

export interface ToolView {
  readonly manifestFile: string;
  readonly file: string;
  readonly constant: string;
  readonly about: string;
  /** Names from `kernel/expression.ts`, as they stand in an import; empty where none is used. */
  readonly expressionNames: string;
  readonly definition: Printable;
  readonly policy: Printable;
  /** Empty where there are none. */
  readonly preconditions: readonly Printable[];
  readonly request: Printable;
  /** Of a handler. */
  readonly upstreamScopes: Printable;
  readonly errors: Printable;
}

export function toolView(tool: ToolModel, model: ProjectModel): ToolView {
  const policy = policyOf(tool);
  const preconditions = tool.preconditions.map((one) => preconditionOf(one, tool));
  const request = tool.request && requestOf(tool.request, tool.upstreamScopes);
  const errors = tool.errors.map(errorOf);
  return {
    manifestFile: model.manifestFile,
    file: tool.names.file,
    constant: toolConstant(tool),
    about: describeTool(tool),
    expressionNames: importedNames([policy, preconditions, request, errors]).join(', '),
    definition: definitionOf(tool),
    policy,
    preconditions,
    request,
    upstreamScopes: tool.request === undefined ? tool.upstreamScopes : undefined,
    errors,
  };
}

/** The name under which generated files export a tool; its ending keeps it apart from everything they import. */
export function toolConstant(tool: ToolModel): string {
  return `${tool.names.identifier}Tool`;
}

/** What a doc comment says of a tool. */
export function describeTool(tool: ToolModel): string {
  return tool.description ?? tool.title ?? tool.name;
}

/** What `tools/list` shows. */
export function definitionOf(tool: ToolModel): Printable {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
    annotations: { ...tool.annotations },
    icons: tool.icons,
    _meta: tool.meta,
  };
}
