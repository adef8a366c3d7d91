/** `get_operation_status`: what became of an operation, for whoever asked for it. Exists where any tool writes. */
import type { Caller } from '../caller.ts';
import type { Execution } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type OperationStore } from '../idempotency/store.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Tool, Validator, ValidatorError } from '../tool.ts';
import { mayCall } from './authorize.ts';
import type { LoadedTool } from './call.ts';
import { operationNotFound, storeUnavailable } from './errors.ts';
import { executedOf } from './executed-of.ts';
import { isOfRealm } from './operation-id.ts';

export const STATUS_TOOL = 'get_operation_status';

const ID_PATTERN = '^op_[0-9a-f]{32}$';

const definition = {
  name: STATUS_TOOL,
  title: 'Get the status of an operation',
  description:
    'Tell what became of a call that writes: whether it was executed, and its result or error. Use it when a call ' +
    'ended with outcome_unknown or in_progress, before anything else. Reads only; sees your own operations only.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['operation_id'],
    properties: {
      operation_id: {
        type: 'string',
        pattern: ID_PATTERN,
        description: 'The operation_id of an earlier answer, e.g. op_0123456789abcdef0123456789abcdef',
      },
    },
  },
  outputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['operation_id', 'tool', 'state', 'executed'],
    properties: {
      operation_id: { type: 'string' },
      tool: { type: 'string' },
      state: {
        enum: ['pending-approval', 'approved', 'denied', 'claimed', 'sent', 'done', 'unknown', 'released'],
      },
      executed: { enum: ['no', 'yes', 'pending', 'unknown'] },
      result: { description: 'What the call returned, where it succeeded.' },
      error: { type: 'object', description: 'What the call failed with.' },
    },
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
} as const satisfies Tool['definition'];

/** A result is shown to whoever may still call its tool. */
export function operationStatus(store: OperationStore): LoadedTool {
  return {
    tool: {
      definition,
      policy: { mutability: 'read-only', scopes: [], roles: [], sensitive: [] },
      errors: [],
      validators: async () => ({ input: validateInput }),
    },
    validators: async () => ({ input: validateInput }),
    builtIn: async (args, { kernel: { tools, realm }, call: { caller } }) => {
      const operation = await find(store, String(args['operation_id']));
      if (operation === 'unavailable') return rejected(storeUnavailable());
      const about = operation === undefined ? undefined : tools.get(operation.tool);
      const visible = operation !== undefined && isOwn(operation, caller) && isOfRealm(operation.id, realm);
      if (!visible || about === undefined) return rejected(operationNotFound());
      return { kind: 'succeeded', result: describe(operation, mayCall(about.tool.policy, caller)) };
    },
  };
}

async function find(store: OperationStore, id: string): Promise<Operation | undefined | 'unavailable'> {
  try {
    return await store.findById(id);
  } catch (error) {
    if (error instanceof StoreUnavailable) return 'unavailable';
    throw error;
  }
}

function isOwn(operation: Operation, caller: Caller): boolean {
  return operation.subject === caller.subject && operation.tenant === (caller.tenant ?? null);
}

function describe(operation: Operation, authorized: boolean): JsonObject {
  const { id, tool, state, outcome } = operation;
  const mayShow = authorized && state === 'done' && outcome !== null;
  return { operation_id: id, tool, state, executed: executedOf(operation), ...(mayShow ? answerOf(outcome) : {}) };
}

function answerOf(outcome: NonNullable<Operation['outcome']>): JsonObject {
  // The result is JSON text; the error is made of strings, numbers and booleans.
  if (outcome.ok) return { result: JSON.parse(outcome.result) as JsonValue };
  return { error: JSON.parse(JSON.stringify(outcome.error)) as JsonValue };
}

function rejected(error: ErrorBody): Execution {
  return { kind: 'rejected', error, terminal: false };
}

/** The one schema that no generator compiles; `readArguments` made sure that `args` is an object. */
const validateInput: Validator = (args) => {
  validateInput.errors = faultsOf(args as JsonObject);
  return validateInput.errors.length === 0;
};

function faultsOf({ operation_id: id, ...others }: JsonObject): ValidatorError[] {
  const fault = (keyword: string, parameter: string, value: string, instancePath = '/operation_id') => ({
    instancePath,
    keyword,
    params: { [parameter]: value },
  });
  const unknown = Object.keys(others).map((name) => fault('additionalProperties', 'additionalProperty', name, ''));
  if (id === undefined) return [fault('required', 'missingProperty', 'operation_id', ''), ...unknown];
  if (typeof id !== 'string') return [fault('type', 'type', 'string'), ...unknown];
  return new RegExp(ID_PATTERN).test(id) ? unknown : [fault('pattern', 'pattern', ID_PATTERN), ...unknown];
}
