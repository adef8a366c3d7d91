/** The MCP side of a server: two requests, answered by the runtime. */
import { isInputRequiredResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { ListToolsResult, ServerOptions } from '@modelcontextprotocol/server';

import { UnknownTool } from '../runtime.ts';
import { progressOf } from './progress.ts';
import type { Identity, Serving } from './transport.ts';

/** How long a client may keep the list of tools, in milliseconds: it changes with a deploy only. */
const LIST_TTL_MS = 60_000;

/** The SDK's own validator compiles schemas with `new Function`; it is only asked about forms, and those used here have no fields. */
const noSchemas: NonNullable<ServerOptions['jsonSchemaValidator']> = {
  getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'This server asks for no values.' }),
};

/**
 * Returns what makes protocol instances, each for whoever it is to serve: one per connection on stdio, one per request
 * over HTTP. Making one costs the same however many tools there are.
 */
export function prepareProtocol(
  serving: Pick<Serving, 'server' | 'runtime' | 'callAsking'>,
): (identity: Identity) => Server {
  const { server, runtime, callAsking = runtime.callTool } = serving;
  const identity = { name: server.name, version: server.version, ...(server.title && { title: server.title }) };
  const options: ServerOptions = {
    capabilities: { tools: { listChanged: false } },
    jsonSchemaValidator: noSchemas,
    ...(server.instructions && { instructions: server.instructions }),
  };
  const outputSchemas = new Map(server.tools.map(({ definition }) => [definition.name, definition.outputSchema]));

  return ({ caller, delegation }) => {
    const protocol = new Server(identity, options);
    protocol.setRequestHandler('tools/list', () => ({
      // The SDK's types are mutable; nothing there writes to a listed tool.
      tools: runtime.listTools(caller) as ListToolsResult['tools'],
      ttlMs: LIST_TTL_MS,
      cacheScope: 'private',
    }));
    protocol.setRequestHandler('tools/call', async ({ params }, context) => {
      const { signal, _meta: meta } = context.mcpReq;
      const { name, arguments: args = {} } = params;
      const call = { name, arguments: args, caller, delegation, signal, ...(meta && { meta }) };
      const progress = progressOf(context);
      try {
        const result = await callAsking({ ...call, progress: progress.tell }, { protocol, context });
        if (isInputRequiredResult(result)) return result;
        return protocol.projectCallToolResult(result, outputSchemas.get(params.name));
      } catch (error) {
        if (!(error instanceof UnknownTool)) throw error;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
      } finally {
        progress.end();
      }
    });
    return protocol;
  };
}
