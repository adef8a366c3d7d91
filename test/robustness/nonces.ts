/**
 * Many clients with equal request ids, each call with a word of its own, and one client with many calls under way:
 * whoever is given another's answer sees a word that is not its own.
 */
import { createInterface } from 'node:readline';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { inEchoProject, withEcho, withEchoOverHttp, type Change, type EchoServer } from './echo-server.ts';
import { openConnection } from './http-connection.ts';
import { echoCall, ERAS, INITIALIZE, readEcho, type Echoed, type Era } from './messages.ts';

export interface Tally {
  readonly answered: number;
  /** Answers that were another call's, as `mine/id got theirs/id`. */
  readonly mixedUp: readonly string[];
}

export interface Load {
  readonly clients: number;
  /** Of each client. */
  readonly calls: number;
  readonly change?: Change | undefined;
}

/** The server answers no more calls than that at once. */
const AT_ONCE = 48;

/** Every tenth client is the official one; the others speak over a connection of their own, half of them in each era. */
export function callOverHttp({ clients, calls, change }: Load): Promise<Tally> {
  return inEchoProject(
    (directory) =>
      withEchoOverHttp(directory, async ({ url }) => {
        const all = await Promise.all(Array.from({ length: clients }, (_, number) => connect(url, number)));
        const book = newBook();
        const turn = takeTurns(AT_ONCE);
        await Promise.all(
          all.map(async (client, owner) => {
            for (let id = 1; id <= calls; id += 1) {
              const nonce = `${owner}-${id}`;
              book.note({ id, nonce }, await turn(() => client.echo(id, nonce)));
            }
          }),
        );
        await Promise.all(all.map((client) => client.close()));
        return book.tally();
      }),
    change,
  );
}

interface NonceClient {
  echo(id: number, nonce: string): Promise<Echoed>;
  close(): void | Promise<void>;
}

async function connect(url: URL, number: number): Promise<NonceClient> {
  const era = ERAS[number % 2] ?? 'legacy';
  if (number % 10 === 0) return connectOfficial(url, number % 20 === 0 ? 'legacy' : 'modern');
  const connection = openConnection(url, era);
  return { echo: (id, nonce) => connection.echo(id, { nonce }), close: connection.close };
}

async function connectOfficial(url: URL, era: Era): Promise<NonceClient> {
  const mode = era === 'modern' ? 'auto' : 'legacy';
  const client = new Client({ name: 'nonces', version: '0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: fetchOnce }));
  return {
    // It compares the ids by itself.
    echo: async (id, nonce) => {
      const { structuredContent } = await client.callTool({ name: 'echo', arguments: { nonce } });
      return { id, nonce: Object(structuredContent).nonce };
    },
    close: () => client.close(),
  };
}

/** It never sends again, so that its connections must not be those that the server closes because they are idle. */
const fetchOnce: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('connection', 'close');
  return fetch(input, { ...init, headers });
};

/** As many calls as may be are always under way, and end in another order than they began. */
export function callOverStdio(load: {
  readonly calls: number;
  readonly era: Era;
  readonly change?: Change | undefined;
}): Promise<Tally> {
  return inEchoProject((directory) => withEcho(directory, (server) => callAll(server, load)), load.change);
}

async function callAll(
  { child, said }: EchoServer,
  { calls, era }: { readonly calls: number; readonly era: Era },
): Promise<Tally> {
  const send = (message: object): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
  const book = newBook();
  let sent = 0;
  const next = (): void => {
    if (sent >= calls) return;
    sent += 1;
    send(echoCall(sent, { nonce: `nonce-${sent}`, wait_ms: (sent * 7) % 5 }, era));
  };
  if (era === 'legacy') send(INITIALIZE);
  for (let started = 0; started < AT_ONCE; started += 1) next();
  for await (const line of createInterface({ input: child.stdout })) {
    const echoed = readEcho(line);
    if (echoed.id === INITIALIZE.id) continue;
    book.note({ id: echoed.id, nonce: `nonce-${String(echoed.id)}` }, echoed);
    next();
    if (book.tally().answered === calls) return book.tally();
  }
  throw new Error(`The server left with calls unanswered:\n${said()}`);
}

function newBook() {
  const mixedUp: string[] = [];
  let answered = 0;
  return {
    note: (mine: Echoed, got: Echoed): void => {
      answered += 1;
      if (got.nonce === mine.nonce && got.id === mine.id) return;
      mixedUp.push(`${String(mine.nonce)}/${String(mine.id)} got ${String(got.nonce)}/${String(got.id)}`);
    },
    tally: (): Tally => ({ answered, mixedUp }),
  };
}

/** Lets `places` pieces of work go on at once. */
function takeTurns(places: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** A server that keeps the answer of the latest call in one place for all of them. */
export const SHARES_ANSWERS: Change = {
  file: 'src/kernel/transport/protocol.ts',
  from: 'const result = await callAsking({ ...call, progress: progress.tell }, { protocol, context });',
  to: `const slot: { result?: Awaited<ReturnType<typeof callAsking>> } = ((globalThis as { slot?: object }).slot ??= {});
        slot.result = await callAsking({ ...call, progress: progress.tell }, { protocol, context });
        await new Promise((resolve) => setTimeout(resolve, 1));
        const result = slot.result;`,
};
