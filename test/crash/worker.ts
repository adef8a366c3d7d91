/** One process of the server, and a client of it. */
import { Client, ProtocolError } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import { TOOL } from './manifest.ts';
import type { Variables } from './places.ts';

export interface Worker {
  readonly number: number;
  call(entry: string): Promise<Reply>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

/** Whether the same call may be sent again, and after how many milliseconds. */
export type Again = { readonly afterMs: number } | undefined;

/** `nothing`: the process died before it answered. */
export type Reply =
  | { readonly kind: 'result'; readonly text: string; readonly replayed: boolean; readonly recorded: boolean }
  | { readonly kind: 'error'; readonly code: string; readonly executed: string; readonly again: Again }
  | { readonly kind: 'nothing' };

export interface WorkerOptions {
  readonly number: number;
  readonly file: string;
  readonly variables: Variables;
}

/** Starts the process; resolves when it has answered for the first time. Throws with what it said where it ends before. */
export async function startWorker({ number, file, variables }: WorkerOptions): Promise<Worker> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [file],
    env: variables,
    stderr: 'pipe',
  });
  const said: string[] = [];
  transport.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const client = new Client({ name: 'crash', version: '1.0.0' });
  const gone = new Promise<void>((resolve) => {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a client is no event target
    client.onclose = resolve;
  });
  await client.connect(transport).catch((error: unknown) => {
    throw new Error(`A server could not start: ${said.join('')}`, { cause: error });
  });
  said.length = 0;
  const { pid } = transport;
  if (pid === null) throw new Error('A server that has answered has no process');
  return { number, call: (entry) => ask(client, entry), signal: (name) => void process.kill(pid, name), gone };
}

async function ask(client: Client, entry: string): Promise<Reply> {
  try {
    const answer = await client.callTool({ name: TOOL, arguments: { entry } });
    const [block] = answer.content;
    const text = block?.type === 'text' ? block.text : '';
    if (answer.isError === true) return readError(text);
    const meta = answer._meta;
    return {
      kind: 'result',
      text,
      replayed: meta?.['hardened-mcp/replayed'] === true,
      recorded: meta?.['hardened-mcp/recorded'] !== false,
    };
  } catch (error) {
    if (!(error instanceof ProtocolError)) return { kind: 'nothing' };
    return { kind: 'error', code: `protocol error ${error.code}`, executed: 'unknown', again: undefined };
  }
}

interface Failure {
  readonly error: {
    readonly code: string;
    readonly executed: string;
    readonly retry: string;
    readonly retry_after_ms?: number;
  };
}

function readError(text: string): Reply {
  // Every failed call of a generated server says this.
  const { error } = JSON.parse(text) as Failure;
  const { code, executed, retry, retry_after_ms: afterMs = 0 } = error;
  return { kind: 'error', code, executed, again: retry === 'same_call' ? { afterMs } : undefined };
}
