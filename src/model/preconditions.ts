/** What must hold before a call is executed. */
import { parseText, parseValue } from '../manifest/expressions.ts';
import type { ManifestPrecondition, ManifestTool } from '../manifest/schema.ts';
import type { PreconditionModel, RequirementModel } from './guards.ts';
import type { JsonObject } from './project.ts';
import { buildRequest, readExpression } from './requests.ts';
import { acceptedValue } from './samples/samples.ts';
import { compileSchema, type NamedCondition } from './validators.ts';

export interface BuiltPreconditions {
  readonly preconditions: readonly PreconditionModel[];
  readonly conditions: readonly NamedCondition[];
}

export function buildPreconditions(tool: ManifestTool): BuiltPreconditions {
  const conditions: NamedCondition[] = [];
  const preconditions = (tool.preconditions ?? []).map((precondition) => ({
    request: buildRequest(precondition.request, undefined),
    require: precondition.require.map((one) => buildRequirement(one, conditions)),
    code: precondition.code,
    message: parseText(precondition.message).value,
    suggestedAction: precondition.suggestedAction,
  }));
  return { preconditions, conditions };
}

/** Adds the requirement's condition to the others of the tool. */
function buildRequirement(
  requirement: ManifestPrecondition['require'][number],
  conditions: NamedCondition[],
): RequirementModel {
  const value = readExpression(requirement.value);
  if ('equals' in requirement) return { value, equals: parseValue(requirement.equals).value };
  const matches = `precondition${conditions.length + 1}`;
  const compiled = compileSchema(requirement.schema, 'condition');
  conditions.push([matches, compiled]);
  // A schema is JSON, because the manifest is.
  const sample = acceptedValue(requirement.schema as JsonObject | boolean, compiled.validate);
  return { value, matches, sample };
}
