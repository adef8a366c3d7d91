/** What a JSON-RPC message asks for, before the protocol looks at it. */
import { isJsonObject } from '../json.ts';
import type { ToolCall } from '../runtime.ts';

export interface CallMessage {
  readonly id: string | number;
  readonly call: Pick<ToolCall, 'name' | 'arguments'>;
}

/** The call of a tool; `undefined` where the message is something else, or is malformed, which is for the protocol to say. */
export function callIn(message: unknown): CallMessage | undefined {
  if (!isJsonObject(message) || message['method'] !== 'tools/call') return undefined;
  const { id, params } = message;
  if (!isJsonObject(params) || typeof params['name'] !== 'string') return undefined;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  return {
    id,
    call: { name: params['name'], arguments: params['arguments'] === undefined ? {} : params['arguments'] },
  };
}

/** The tool that a call names which the protocol will refuse, because its arguments are no object; `undefined` for any other message. */
export function malformedCallIn(message: unknown): Pick<ToolCall, 'name'> | undefined {
  const called = callIn(message);
  return called === undefined || isJsonObject(called.call.arguments) ? undefined : called.call;
}
