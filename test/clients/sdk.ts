/** The official clients: of the SDK's second version, which knows both eras, and of its first. */
import { Client as SecondClient, StreamableHTTPClientTransport as SecondHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as SecondStdio } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as FirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';

import type { Place } from './billing.ts';
import type { ToolAnswer, Visitor } from './visit.ts';

export interface Connected extends Visitor {
  /** The revision that client and server agreed on. */
  readonly revision: string | undefined;
  close(): Promise<void>;
}

const WHO = { name: 'visitor', version: '1.0.0' };

function stdioOf({ command, args, directory, environment }: Place) {
  return { command, args: [...args], cwd: directory, env: { ...environment }, stderr: 'ignore' as const };
}

export async function connectSecond(place: Place, mode: 'legacy' | 'auto'): Promise<Connected> {
  const client = new SecondClient(WHO, { versionNegotiation: { mode } });
  const { url } = place;
  await client.connect(url === undefined ? new SecondStdio(stdioOf(place)) : new SecondHttp(new URL(url)));
  return {
    revision: client.getNegotiatedProtocolVersion(),
    listTools: async () => (await client.listTools()).tools,
    callTool: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

export async function connectFirst(place: Place): Promise<Connected> {
  const client = new FirstClient(WHO);
  const { url } = place;
  let revision: string | undefined;
  const transport: FirstTransport =
    // That its `sessionId` may be `undefined` is all that is wrong with its type.
    url === undefined ? new FirstStdio(stdioOf(place)) : (new FirstHttp(new URL(url)) as FirstTransport);
  const setRevision = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => {
    revision = version;
    setRevision?.(version);
  };
  await client.connect(transport);
  return {
    revision,
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args) => (await client.callTool({ name, arguments: args })) as ToolAnswer,
    close: () => client.close(),
  };
}
