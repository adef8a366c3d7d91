/**
 * Asks callers for a yes in their client. Since 2026-07-28 the question is the answer to the call, and the client sends
 * the call again with what its user said; before, a client on stdio is asked while its call waits.
 */
import { inputRequired, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';

import { readRequestState, REQUEST_STATE_SECRET } from '../config/request-state.ts';
import type { Consent, Question } from '../pipeline/call.ts';
import type { ToolCall } from '../runtime.ts';
import type { RequestStateSettings } from '../settings.ts';
import { actionIn, APPROVAL, formFor, wayToAsk, type Action } from './elicitation.ts';
import { readState, writeState, type BoundTo } from './request-state.ts';
import type { CallAsking, CallerApproval, Serving } from './transport.ts';

export const callerApproval: CallerApproval = {
  variable: [REQUEST_STATE_SECRET, 'signs what callers are asked; or …_FILE; equal on all replicas; unset: random'],
  readSettings: readRequestState,
  prepare: callAsking,
};

/** As long as the SDK waits for people. */
const LONGEST_WAIT_MS = 600_000;

const FORGED =
  'This requestState was not made by this server for this caller and this tool, so nothing was executed. ' +
  'Call again without requestState and inputResponses.';

function callAsking({ runtime, log }: Pick<Serving, 'runtime' | 'log'>, { secret }: RequestStateSettings): CallAsking {
  /** `undefined` where the secret's file is gone: nothing can be asked then, and nothing is executed without a yes. */
  function bindingOf({ name, caller }: ToolCall): BoundTo | undefined {
    try {
      return { caller, tool: name, secret: secret.reveal() };
    } catch (error) {
      log.error('Callers cannot be asked: the secret cannot be read', {}, error);
      return undefined;
    }
  }

  async function callAndHear(
    call: ToolCall,
  ): Promise<{ readonly result: CallToolResult; readonly question?: Question }> {
    const questions: Question[] = [];
    const result = await runtime.callTool({ ...call, ask: (question) => questions.push(question) });
    const [question] = questions;
    return { result, ...(question && { question }) };
  }

  async function askInResult(call: ToolCall, { mcpReq }: ServerContext, boundTo: BoundTo) {
    const action = actionIn(mcpReq.inputResponses);
    const consent = consentOf(action, mcpReq.requestState(), boundTo);
    const { result, question } = await callAndHear({ ...call, consent: consent === 'forged' ? undefined : consent });
    // Who closed the question is not asked the same at once.
    if (question === undefined || action === 'cancel') return result;
    if (consent === 'forged') throw new ProtocolError(ProtocolErrorCode.InvalidParams, FORGED);
    const { message, requestedSchema } = formFor(question);
    return inputRequired({
      inputRequests: { [APPROVAL]: inputRequired.elicit({ message, requestedSchema }) },
      requestState: writeState({ ...question, expiresAt: Date.now() + question.expiresMs }, boundTo),
    });
  }

  /** What came too late, or to no question, is no answer. */
  function consentOf(action: Action | undefined, state: unknown, boundTo: BoundTo): Consent | 'forged' | undefined {
    if (action === undefined || action === 'cancel' || typeof state !== 'string' || state === '') return undefined;
    const read = readState(state, boundTo, Date.now());
    if (read.kind === 'valid') return { ...read.asked, agreed: action === 'accept' };
    log.warn('An answer to a question was not accepted', { tool: boundTo.tool, reason: read.reason });
    return read.reason === 'signature' ? 'forged' : undefined;
  }

  async function askMeanwhile(call: ToolCall, context: ServerContext): Promise<CallToolResult> {
    const { result, question } = await callAndHear(call);
    if (question === undefined) return result;
    const action = await elicit(question, context);
    if (action === undefined || action === 'cancel') return result;
    return (await callAndHear({ ...call, consent: { ...question, agreed: action === 'accept' } })).result;
  }

  async function elicit(question: Question, { mcpReq }: ServerContext): Promise<Action | undefined> {
    try {
      const timeout = Math.min(question.expiresMs, LONGEST_WAIT_MS);
      const request = { method: 'elicitation/create', params: formFor(question) } as const;
      return (await mcpReq.send(request, { timeout, signal: mcpReq.signal })).action;
    } catch (error) {
      log.warn('A question was not answered', { operation_id: question.operationId }, error);
      return undefined;
    }
  }

  return (call, client) => {
    const way = wayToAsk(client);
    if (way === 'request') return askMeanwhile(call, client.context);
    const boundTo = way === 'result' ? bindingOf(call) : undefined;
    return boundTo === undefined ? runtime.callTool(call) : askInResult(call, client.context, boundTo);
  };
}
