/** An agent's session with the retail example, over stdio, each test on a shop and a store of its own. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { connect } from '../../scripts/demo/connection.ts';

export interface Session {
  /** `Result` is what the tool's output schema says: the server has checked it. */
  call<Result>(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Outcome<Result>>;
  close(): Promise<void>;
}

export interface Outcome<Result> {
  /** As the model reads it. */
  readonly text: string;
  readonly replayed: boolean;
  /** The parsed answer of a call that succeeded; otherwise there is the error envelope. */
  readonly result?: Result;
  readonly error?: Readonly<Record<string, unknown>>;
}

export async function openSession(project: string): Promise<Session> {
  const data = await mkdtemp(join(project, 'data-'));
  const { client, close } = await connect(
    {
      cwd: project,
      entry: 'src/index.ts',
      env: {
        MCP_ROLES: 'service-agent',
        MCP_WRITES: 'enabled',
        MCP_STORE_PATH: join(data, 'operations.sqlite'),
        RETAIL_DATABASE: join(data, 'shop.sqlite'),
      },
    },
    { transport: 'stdio', era: 'modern' },
  );
  return {
    close,
    call: async (tool, args = {}) => {
      const { _meta: meta, content, isError = false } = await client.callTool({ name: tool, arguments: args });
      const [block] = content;
      const text = block?.type === 'text' ? block.text : '';
      const replayed = meta?.['hardened-mcp/replayed'] === true;
      if (text === '') return { text, replayed };
      const body = JSON.parse(text);
      return isError ? { text, replayed, error: body.error } : { text, replayed, result: body };
    },
  };
}
