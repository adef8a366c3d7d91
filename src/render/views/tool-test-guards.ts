/** What the tests of a tool's guards know: whom to ask, what reaches a cap, and how the upstream answers before a call. */
import { tokensOf } from '../../manifest/pointer.ts';
import type { PreconditionModel, RequirementModel } from '../../model/guards.ts';
import type { Json, JsonObject, ToolModel } from '../../model/project.ts';
import { placeAt } from '../../model/samples/guards.ts';
import { sampleValue, UNKNOWN } from './sample-scope.ts';

export interface ApprovalCase {
  /** Arguments for which somebody has to say yes. */
  readonly arguments: JsonObject;
  /** What an approver holds; absent where the caller is asked. */
  readonly scope: string | undefined;
  /** The subject's own arguments need no yes. */
  readonly isConditional: boolean;
}

export interface PreconditionCase {
  readonly code: string;
  readonly holds: AnswerCase;
  readonly fails: AnswerCase;
}

export interface AnswerCase {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly body: Json | undefined;
}

/** `args`: those of the subject. */
export function approvalCase({ approval, samples }: ToolModel, args: JsonObject): ApprovalCase | undefined {
  const { needingApproval } = samples;
  if (approval === undefined || needingApproval === undefined) return undefined;
  const isConditional = JSON.stringify(needingApproval) !== JSON.stringify(samples.accepted[0]);
  return { arguments: isConditional ? needingApproval : args, scope: approval.scope, isConditional };
}

/** Empty where an answer depends on what is known only when the server runs. */
export function preconditionCases({ preconditions }: ToolModel, args: JsonObject): readonly PreconditionCase[] {
  const cases = preconditions.map((one) => preconditionCase(one, args));
  return cases.every((one) => one !== undefined) ? cases : [];
}

function preconditionCase({ code, require }: PreconditionModel, args: JsonObject): PreconditionCase | undefined {
  let holds: AnswerCase = { status: 200, headers: undefined, body: undefined };
  for (const requirement of require) {
    const value = valueFor(requirement, args);
    const next = value === undefined ? undefined : withValue(holds, requirement, value);
    if (next === undefined) return undefined;
    holds = next;
  }
  return { code, holds, fails: failing(holds) };
}

function valueFor(requirement: RequirementModel, args: JsonObject): Json | undefined {
  if ('matches' in requirement) return requirement.sample;
  const value = sampleValue(requirement.equals, args);
  return value === UNKNOWN ? undefined : value;
}

function withValue(answer: AnswerCase, { value: source }: RequirementModel, value: Json): AnswerCase | undefined {
  switch (source.from) {
    case 'response.body':
      return { ...answer, body: placeAt(answer.body, tokensOf(source.pointer), value) };
    case 'response.header':
      return typeof value === 'string'
        ? { ...answer, headers: { ...answer.headers, [source.name]: value } }
        : undefined;
    case 'response.status':
      return typeof value === 'number' && value >= 200 && value < 600 ? { ...answer, status: value } : undefined;
    default:
      return undefined;
  }
}

/** Nothing is there; and where that is what is asked for, something is. */
function failing(holds: AnswerCase): AnswerCase {
  const nothing = { status: 404, headers: undefined, body: undefined };
  return JSON.stringify(nothing) === JSON.stringify(holds) ? { ...nothing, status: 200 } : nothing;
}
