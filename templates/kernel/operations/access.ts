/** Which operations an operator knows of, and what they may do about them. */
import type { Operation } from '../idempotency/operation.ts';
import type { Refusal } from '../pipeline/errors.ts';
import type { ServerDeclaration } from '../tool.ts';
import type { Operator } from './desk.ts';
import { askedInClient, concernsAll, needsScope, noSuchOperation, notPending } from './refusals.ts';

/** Over HTTP those of one's own tenant; on the command line those of `MCP_TENANT`, and without it all. */
export function mayKnowOf({ caller, over }: Operator, { tenant }: Operation): boolean {
  const seesAll = over === 'command_line' && caller.tenant === undefined;
  return seesAll || tenant === (caller.tenant ?? null);
}

/** Whoever reaches the store from a command line can read it anyway. Throws `Refusal`. */
export function requireToLook(server: ServerDeclaration, operator: Operator): void {
  if (operator.over === 'http') requireToAct(server, operator);
}

/** Throws `Refusal`. */
export function requireToAct({ operationsScope }: ServerDeclaration, { caller, over }: Operator): void {
  if (operationsScope === undefined && over === 'http') throw noSuchOperation();
  if (operationsScope !== undefined && !caller.scopes.has(operationsScope)) throw needsScope(operationsScope);
}

/** What concerns operations of all tenants is for nobody who sees those of one. Throws `Refusal`. */
export function requireToActForAll(server: ServerDeclaration, operator: Operator): void {
  requireToAct(server, operator);
  if (operator.caller.tenant !== undefined) throw concernsAll();
}

/** The operation, of which nothing is known to stand against a decision. Throws `Refusal`. */
export function requireApprover({ caller }: Operator, operation: Operation | undefined): Operation {
  const refused = refusalOf(operation, caller.scopes);
  if (operation === undefined || refused !== undefined) throw refused ?? noSuchOperation();
  return operation;
}

function refusalOf(operation: Operation | undefined, held: ReadonlySet<string>): Refusal | undefined {
  if (operation === undefined) return noSuchOperation();
  const { approval, state } = operation;
  if (approval === null) return notPending(state);
  if (approval.by === 'caller') return askedInClient();
  // An approval that names nobody can be given by nobody.
  if (approval.scope === null || !held.has(approval.scope)) return needsScope(approval.scope ?? 'of an approver');
  return undefined;
}
