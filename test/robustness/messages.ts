/** JSON-RPC as it is on the wire. */

export const ERAS = ['legacy', 'modern'] as const;
export type Era = (typeof ERAS)[number];

const REVISION = '2026-07-28';

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface EchoArguments {
  readonly nonce: string;
  readonly wait_ms?: number;
  readonly size?: number;
}

export function echoCall(id: number | string, args: EchoArguments, era: Era) {
  const params = { name: 'echo', arguments: args, ...(era === 'modern' && { _meta: ENVELOPE }) };
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'start',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
};

/** What goes with a call over HTTP. */
export function headersFor(era: Era): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(era === 'modern' && {
      'mcp-protocol-version': REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    }),
  };
}

/** The id of an answer, and the nonce in it; `undefined` what is not there. */
export interface Echoed {
  readonly id: unknown;
  readonly nonce: unknown;
}

/** Reads an answer, whether it comes as JSON or as the one event of a stream. Throws where it is neither. */
export function readEcho(text: string): Echoed {
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const { id, result } = JSON.parse(json);
  return { id, nonce: result?.structuredContent?.nonce };
}
