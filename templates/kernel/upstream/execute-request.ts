/** Executes a declared tool: one HTTP request, encoded from the arguments, sent, and its answer classified. */
import type { Execution } from '../execution.ts';
import type { Scope } from '../expression.ts';
import type { Settings } from '../settings.ts';
import type { Tool, ToolValidators } from '../tool.ts';

export interface ExecuteRequestInput {
  readonly tool: Tool;
  /** What the request's expressions are evaluated against. */
  readonly scope: Scope;
  readonly settings: Settings;
  /** Compiled body conditions of the tool's declared errors. */
  readonly conditions: ToolValidators['conditions'];
  /** Sending the request twice is harmless: the tool is read-only or sets a value. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
}

export function executeRequest(input: ExecuteRequestInput): Promise<Execution> {
  return Promise.reject(new Error(`not written yet: ${input.tool.definition.name}`));
}
