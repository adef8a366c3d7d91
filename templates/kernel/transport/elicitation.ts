/** A question to whoever sits at the client: whether it can be asked, what they read, and what they said. */
import { CLIENT_CAPABILITIES_META_KEY, inputResponse } from '@modelcontextprotocol/server';
import type { ElicitResult, ServerContext } from '@modelcontextprotocol/server';

import { isJsonObject } from '../json.ts';
import type { Question } from '../pipeline/call.ts';
import type { ClientOfCall } from './transport.ts';

export type Action = ElicitResult['action'];

/** The name of the question among what a result asks for. */
export const APPROVAL = 'approval';

const FIRST_MODERN_REVISION = '2026-07-28';

/**
 * `result`: the question is the result, and the client sends the call again with the answer. `request`: the client is
 * asked while its call waits; not over HTTP, where nothing is known of such a client but this call.
 */
export function wayToAsk({ protocol, context: { mcpReq } }: ClientOfCall): 'result' | 'request' | undefined {
  const isModern = (protocol.getNegotiatedProtocolVersion() ?? '') >= FIRST_MODERN_REVISION;
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const capabilities = isModern ? envelope[CLIENT_CAPABILITIES_META_KEY] : protocol.getClientCapabilities();
  if (!hasForms(capabilities)) return undefined;
  return isModern ? 'result' : 'request';
}

/** A client that names no mode has forms. */
function hasForms(capabilities: unknown): boolean {
  const modes = isJsonObject(capabilities) ? capabilities['elicitation'] : undefined;
  return isJsonObject(modes) && (modes['form'] !== undefined || modes['url'] === undefined);
}

/** Nothing to fill in: accepting it is the yes. */
export function formFor({ summary }: Question) {
  const message = `${summary}\n\nAccept to have this done once, or decline.`;
  return { message, requestedSchema: { type: 'object', properties: {} } } as const;
}

/** What a client sent with the call that it repeats. */
export function actionIn(responses: ServerContext['mcpReq']['inputResponses']): Action | undefined {
  const response = inputResponse(responses, APPROVAL);
  return response.kind === 'elicit' ? response.action : undefined;
}
