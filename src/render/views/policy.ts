/** A tool's policy as `kernel/tool.ts` declares it. */
import type { IdempotencyModel, ToolModel } from '../../model/project.ts';
import { expressionCode } from '../expression-code.ts';
import type { Printable } from '../literal.ts';

export function policyOf(tool: ToolModel): Printable {
  return {
    mutability: tool.mutability,
    scopes: tool.scopes,
    roles: tool.roles,
    idempotency: tool.idempotency && idempotencyOf(tool.idempotency),
    sensitive: tool.sensitive,
  };
}

function idempotencyOf(idempotency: IdempotencyModel): Printable {
  const { strategy, recovery } = idempotency;
  if (idempotency.strategy !== 'derived-key') return { strategy, recovery };
  const { key, occurrence } = idempotency;
  return {
    strategy,
    key: key.map(expressionCode),
    occurrence:
      occurrence && ('argument' in occurrence ? { argument: expressionCode(occurrence.argument) } : occurrence),
    recovery,
  };
}
