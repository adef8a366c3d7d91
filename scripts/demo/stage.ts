/** Plays scenes over one kind of connection: an upstream, a store, and a server process for each cast. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Client } from '@modelcontextprotocol/client';

import { type Connection, connect, nameWire, runOperations, type Wire } from './connection.ts';
import type { Effects } from './ledger.ts';
import { type Answer, type CallError, type Cast, READER, type Scene, type Stage } from './scene.ts';
import { printAnswer, printCommand, printEffects, printHeading, printRequest, printVerdict } from './transcript.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const TOKEN = 'demo-token';

type ConnectAs = (cast: Cast) => Promise<Connection>;

/** Plays all scenes on a fresh upstream and a fresh store; returns those that did not hold. */
export async function playScenes(project: string, wire: Wire, scenes: readonly Scene[]): Promise<ReadonlySet<Scene>> {
  await mkdir(join(project, 'data'), { recursive: true });
  const upstream = await startUpstream({ token: TOKEN });
  const connections = new Map<Cast, Promise<Connection>>();
  const operate: Stage['operate'] = async ({ subject, scopes }, ...args) => {
    printCommand(args);
    const settingsOfOperator = { ...settings(wire, upstream, READER), MCP_SUBJECT: subject, MCP_SCOPES: scopes };
    return runOperations(project, settingsOfOperator, args);
  };
  const connectAs: ConnectAs = (cast) => {
    const known = connections.get(cast);
    const connection =
      known ?? connect({ cwd: project, entry: 'dist/index.js', env: settings(wire, upstream, cast) }, wire);
    connections.set(cast, connection);
    return connection;
  };

  const failed = new Set<Scene>();
  for (const scene of scenes) {
    printHeading(`${nameWire(wire)}: ${scene.title}`);
    upstream.become('normal');
    const before = { ...upstream.effects };
    const fault = await playScene(scene, { upstream, connectAs, operate });
    printEffects(since(before, upstream.effects));
    printVerdict(fault);
    if (fault !== undefined) failed.add(scene);
  }

  await Promise.allSettled([...connections.values()].map(async (connection) => (await connection).close()));
  await upstream.close();
  return failed;
}

/** What did not hold; `undefined` where everything did. */
async function playScene(
  scene: Scene,
  { upstream, connectAs, operate }: Pick<Stage, 'upstream' | 'operate'> & { readonly connectAs: ConnectAs },
): Promise<unknown> {
  const before = { ...upstream.effects };
  try {
    const { client } = await connectAs(scene.cast);
    const stage: Stage = {
      upstream,
      operate,
      listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
      call: (tool, args) => callTool(client, tool, args),
      effects: () => since(before, upstream.effects),
    };
    await scene.play(stage);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function callTool(client: Client, tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
  printRequest(tool, args);
  const { _meta: meta, content, isError = false } = await client.callTool({ name: tool, arguments: args });
  const [block] = content;
  const text = block?.type === 'text' ? block.text : '';
  const replayed = meta?.['hardened-mcp/replayed'] === true;
  printAnswer(text, replayed);
  const body: unknown = JSON.parse(text);
  return {
    text,
    result: isError ? undefined : body,
    // The cast holds as far as scenes go: each asserts the members that it reads.
    error: isError ? (Object(body).error as CallError) : undefined,
    replayed,
  };
}

function settings(wire: Wire, upstream: Upstream, cast: Cast): Record<string, string> {
  return {
    BILLING_API_URL: upstream.url,
    BILLING_API_TOKEN: TOKEN,
    MCP_SUBJECT: 'demo',
    MCP_SCOPES: cast.scopes,
    MCP_WRITES: cast.writes,
    MCP_STORE_PATH: join('data', `${wire.transport}-${wire.era}.sqlite`),
    MCP_AUDIT_FILE: join('data', `${wire.transport}-${wire.era}.audit.jsonl`),
  };
}

function since(before: Effects, now: Effects): Effects {
  return {
    refunds: now.refunds - before.refunds,
    creditNotes: now.creditNotes - before.creditNotes,
    emails: now.emails - before.emails,
  };
}
