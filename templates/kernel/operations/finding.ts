/** From what an operator found out to the outcome that is kept, and given to whoever repeats the call. */
import type { Outcome } from '../execution.ts';
import type { Operation } from '../idempotency/operation.ts';
import { toViolations } from '../json-schema/violations.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { conclude } from '../pipeline/conclude.ts';
import { resultUnrecorded } from '../pipeline/errors.ts';
import { shapeResult } from '../pipeline/shape-result.ts';
import type { ServerDeclaration } from '../tool.ts';
import type { Finding } from './desk.ts';
import { resultUnusable, toolGone } from './refusals.ts';

/** `null`: it was not executed. Throws `Refusal` where the result is none that the tool could have returned. */
export async function outcomeFrom(
  server: ServerDeclaration,
  operation: Operation,
  finding: Finding,
): Promise<Outcome | null> {
  if (!finding.executed) return null;
  if (finding.result === undefined) return { ok: false, error: resultUnrecorded(operation.id) };
  const result = await shape(server, operation.tool, finding.result);
  const { kept, answer } = conclude({ kind: 'succeeded', result }, operation);
  return kept ?? answer;
}

/** JSON text of the result, stripped to the tool's output schema. */
async function shape(server: ServerDeclaration, name: string, result: JsonValue): Promise<string> {
  const tool = server.tools.find(({ definition }) => definition.name === name);
  if (tool === undefined) throw toolGone(name);
  const { output } = await tool.validators();
  // The validator strips in place, and the result belongs to whoever gave it.
  const shaped = shapeResult(structuredClone(result), output);
  if (shaped !== undefined) return shaped;
  const args = isJsonObject(result) ? result : {};
  throw resultUnusable(name, toViolations(output?.errors ?? [], { args, sensitive: [] }));
}
