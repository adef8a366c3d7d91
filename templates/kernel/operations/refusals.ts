/** What operators are told when something is refused. Callers of tools never see these. */
import { failure, type Violation } from '../failure.ts';
import { Refusal } from '../pipeline/errors.ts';

export const noSuchOperation = () =>
  refusal(
    'OPERATION_NOT_FOUND',
    'not_found',
    'There is no such operation on this server in this environment. Check the id, and MCP_ENVIRONMENT.',
  );

export const needsScope = (scope: string) =>
  refusal(
    'SCOPE_MISSING',
    'permission_denied',
    `That needs the scope ${scope}. Ask somebody who holds it, or act as them: on the command line MCP_SCOPES says what you hold.`,
  );

export const ownRequest = (subject: string) =>
  refusal(
    'OWN_REQUEST',
    'permission_denied',
    `${subject} asked for this operation, and so cannot decide on it. Somebody else has to; on the command line MCP_SUBJECT says who you are.`,
  );

export const askedInClient = () =>
  refusal(
    'ASKED_IN_CLIENT',
    'permission_denied',
    'Only the caller can agree to this, in their client. Have them send the same call again, and answer there.',
  );

export const concernsAll = () =>
  refusal(
    'CONCERNS_ALL_TENANTS',
    'permission_denied',
    'That concerns operations of all tenants, and you act for one. It is done on the command line, without MCP_TENANT.',
  );

export const notPending = (state: string) =>
  refusal(
    'OPERATION_NOT_PENDING',
    'conflict',
    state === 'pending-approval'
      ? 'The question is over: it was not answered in time. The same call asks it again.'
      : `Nobody waits for an answer: the operation is ${state}. Look at it with show.`,
  );

export const notUnknown = (state: string) =>
  refusal(
    'OPERATION_NOT_UNKNOWN',
    'conflict',
    `Only what is unknown can be resolved, or what happened in part as executed, and the operation is ${state}. Look at it with show.`,
  );

export const toolGone = (tool: string) =>
  refusal(
    'TOOL_GONE',
    'conflict',
    `This server has no tool ${tool} any more, so nothing can say what its results look like. Resolve it without a result.`,
  );

export const resultUnusable = (tool: string, violations: readonly Violation[]) => {
  const faults = violations.slice(0, 3).map(({ field, rule }) => `${field || '/'} (${rule})`);
  const which = faults.length === 0 ? '' : `: ${faults.join(', ')}`;
  return refusal(
    'RESULT_UNUSABLE',
    'invalid_input',
    `That is no result of ${tool}${which}. Give one that fits its output schema, or none.`,
    violations,
  );
};

export const badRequest = (message: string) => refusal('INVALID_REQUEST', 'invalid_input', message);

export const storeAway = () =>
  refusal(
    'STORE_UNAVAILABLE',
    'unavailable',
    'The record of operations cannot be reached. Look with show what became of this before you repeat it.',
  );

function refusal(
  code: string,
  category: 'not_found' | 'permission_denied' | 'conflict' | 'invalid_input' | 'unavailable',
  message: string,
  violations: readonly Violation[] = [],
): Refusal {
  return new Refusal(failure({ code, category, message }, violations.length === 0 ? {} : { violations }));
}
