/** Clients with somebody in front of them, and the server that asks. */
import { fileURLToPath } from 'node:url';

import {
  Client,
  ProtocolError,
  ProtocolErrorCode,
  StreamableHTTPClientTransport,
  type ClientCapabilities,
  type ElicitResult,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';

import { startBank, type Bank } from '../pipeline/bank.ts';
import { servedEnvironment, startServedHttp, type Era } from '../transport/process.ts';

export const SERVED = fileURLToPath(new URL('served.ts', import.meta.url));
export const SECRET = 'thirty-two characters or even more';

/** An upstream that does whatever it is told. */
export const startRefunds = (): Promise<Bank> => startBank(() => ({ status: 200, body: { done: true } }));

export function environmentFor(bank: Pick<Bank, 'url'>, changes: Record<string, string> = {}): Record<string, string> {
  return servedEnvironment({
    MCP_WRITES: 'enabled',
    MCP_SCOPES: 'refunds:write',
    MCP_SUBJECT: 'ada',
    MCP_REQUEST_STATE_SECRET: SECRET,
    API_URL: bank.url.href,
    ...changes,
  });
}

/** What the person does, question by question; after the last one the same again. */
export type Answers = readonly ElicitResult['action'][];

export interface PersonOptions {
  readonly era: Era;
  readonly answers?: Answers;
  /** What the client says it can do; by default forms, where there are answers. */
  readonly capabilities?: ClientCapabilities;
}

export interface Person {
  readonly client: Client;
  /** The texts of the questions, in the order in which they were asked. */
  readonly asked: readonly string[];
}

function personWith({ era, answers, capabilities }: PersonOptions): Person {
  const asked: string[] = [];
  const abilities = capabilities ?? (answers === undefined ? {} : { elicitation: { form: {} } });
  const client = new Client(
    { name: 'test', version: '0' },
    { capabilities: abilities, ...(era === 'modern' && { versionNegotiation: { mode: 'auto' } as const }) },
  );
  if (abilities.elicitation?.form !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: answers?.[asked.length - 1] ?? answers?.at(-1) ?? 'cancel', content: {} };
    });
  }
  return { client, asked };
}

export async function sitAtStdio(environment: Record<string, string>, options: PersonOptions): Promise<Person> {
  const person = personWith(options);
  const { execPath: command } = process;
  await person.client.connect(
    new StdioClientTransport({ command, args: [SERVED], env: environment, stderr: 'ignore' }),
  );
  onTestFinished(() => person.client.close());
  return person;
}

export async function sitAtHttp(url: URL, options: PersonOptions): Promise<Person> {
  const person = personWith(options);
  await person.client.connect(new StreamableHTTPClientTransport(url));
  onTestFinished(() => person.client.close());
  return person;
}

/** Starts a server and sits down at it. */
export async function sitDown(
  transport: 'stdio' | 'http',
  environment: Record<string, string>,
  options: PersonOptions,
): Promise<Person> {
  if (transport === 'stdio') return sitAtStdio(environment, options);
  const { url } = await startServedHttp(environment, SERVED);
  return sitAtHttp(url, options);
}

/** A question as it travels: what the client shows, and what it sends back. */
export interface Held {
  readonly resultType: 'input_required';
  readonly requestState: string;
  readonly inputRequests: unknown;
}

export interface Sent {
  readonly name?: string;
  readonly args: Record<string, unknown>;
  readonly requestState?: string;
  readonly action?: ElicitResult['action'];
}

/** Calls without answering by itself; the result may be a question. */
export async function send({ client }: Person, { name = 'refund', args, requestState, action }: Sent) {
  const answer = {
    ...(requestState !== undefined && { requestState }),
    ...(action !== undefined && { inputResponses: { approval: { action, content: {} } } }),
  };
  return client.callTool({ name, arguments: args, ...answer }, { allowInputRequired: true });
}

/** Whether what was sent is refused as a question of somebody else's; rejects with whatever else is wrong. */
export async function isForged(person: Person, sent: Sent): Promise<boolean> {
  try {
    await send(person, sent);
    return false;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === ProtocolErrorCode.InvalidParams) return true;
    throw error;
  }
}

/** Calls, and keeps the question. */
export async function holdQuestion(person: Person, sent: Sent): Promise<Held> {
  const result: unknown = await send(person, sent);
  if (!isHeld(result)) throw new Error(`Nobody was asked: ${JSON.stringify(result)}`);
  return result;
}

export function isHeld(result: unknown): result is Held {
  return (result as Partial<Held>).resultType === 'input_required';
}
