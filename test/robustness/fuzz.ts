/** Sends what no client should to a generated server, and says how it stood that. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';

import { picking } from '../proof/spelling.ts';
import { inEchoProject, withEcho, withEchoOverHttp, type Change, type EchoServer } from './echo-server.ts';
import { openConnection } from './http-connection.ts';
import { mangledRequest } from './mangled-http.ts';
import { mangledMessage } from './mangled-json.ts';
import { echoCall, ERAS, INITIALIZE, readEcho, type Era } from './messages.ts';

export interface FuzzOptions {
  readonly messages: number;
  readonly seed: number;
  readonly change?: Change | undefined;
}

export interface Verdict {
  readonly sent: number;
  /** Answers by HTTP status; over stdio, messages that came back. */
  readonly answers: Readonly<Record<string, number>>;
  /** Why the server is not sound: it ended, complained, or did not answer a valid call. */
  readonly complaints: readonly string[];
  /** Bytes; 0 where the system does not say. */
  readonly peakMemory: number;
}

const BATCH = 50;
const AT_ONCE = 48;
/** How long a client waits for an answer to what may be half a message; in milliseconds. */
const PATIENCE_MS = 250;

/** One connection for each era; a valid call after every batch. */
export function fuzzStdio({ messages, seed, change }: FuzzOptions, era: Era): Promise<Verdict> {
  const work = (server: EchoServer): Promise<Verdict> => talk(server, { messages, seed, era });
  return inEchoProject((directory) => withEcho(directory, work), change);
}

async function talk(
  server: EchoServer,
  { messages, seed, era }: { readonly messages: number; readonly seed: number; readonly era: Era },
): Promise<Verdict> {
  const { stdin, stdout } = server.child;
  const pick = picking(seed);
  let answered = 0;
  let sent = 0;
  const expected = new Map<string, () => void>();
  const complaints: string[] = [];
  onLines(stdout, (line) => {
    answered += 1;
    try {
      const { id, nonce } = readEcho(line);
      if (typeof id === 'string' && nonce === id) expected.get(id)?.();
    } catch {
      complaints.push(`stdout carried ${line.slice(0, 100)}`);
    }
  });
  const ended = once(server.child, 'exit');
  const write = async (bytes: Buffer | string): Promise<void> => {
    if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain'), ended]);
  };
  const callAndHear = async (): Promise<void> => {
    const id = `check-${sent}`;
    const heard = new Promise<void>((resolve) => expected.set(id, resolve));
    await write(`${JSON.stringify(echoCall(id, { nonce: id }, era))}\n`);
    await Promise.race([heard, ended]);
    expected.delete(id);
  };

  if (era === 'legacy') await write(`${JSON.stringify(INITIALIZE)}\n`);
  await callAndHear();
  while (sent < messages && server.ending() === undefined) {
    for (let left = Math.min(BATCH, messages - sent); left > 0; left -= 1) {
      // Some messages run into the next.
      await write(Buffer.concat([mangledMessage(pick, era), Buffer.from(pick(30) === 0 && left > 1 ? '' : '\n')]));
      sent += 1;
    }
    await callAndHear();
  }
  return verdictOf(server, { sent, answers: { message: answered }, complaints });
}

/** Lines end with `\n` alone: to `readline`, U+2028 in a text would end one, too. */
function onLines(stream: Readable, listen: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) listen(line);
  });
}

/** A connection for each request; a valid call after every batch. */
export function fuzzHttp({ messages, seed, change }: FuzzOptions): Promise<Verdict> {
  return inEchoProject(
    (directory) => withEchoOverHttp(directory, (server) => bombard(server, { messages, seed })),
    change,
  );
}

async function bombard(
  server: EchoServer & { readonly url: URL },
  { messages, seed }: { readonly messages: number; readonly seed: number },
): Promise<Verdict> {
  const { url } = server;
  const pick = picking(seed);
  const answers: Record<string, number> = {};
  const complaints: string[] = [];
  let sent = 0;
  while (sent < messages && server.ending() === undefined) {
    const count = Math.min(AT_ONCE, messages - sent);
    const statuses = await Promise.all(
      Array.from({ length: count }, () => exchange(url, mangledRequest(pick, url.host))),
    );
    for (const status of statuses) answers[status] = (answers[status] ?? 0) + 1;
    sent += count;
    if (sent % (AT_ONCE * 8) === 0 || sent === messages) complaints.push(...(await check(url, sent)));
  }
  complaints.push(
    ...Object.keys(answers)
      .filter((status) => status.startsWith('5') && status !== '503')
      .map((status) => `answered ${status}`),
  );
  return verdictOf(server, { sent, answers, complaints });
}

async function check(url: URL, sent: number): Promise<readonly string[]> {
  const era = ERAS[sent % 2] ?? 'legacy';
  const connection = openConnection(url, era);
  try {
    const { nonce } = await connection.echo(sent, { nonce: 'check' });
    return nonce === 'check' ? [] : [`after ${sent} requests a valid call was answered with ${String(nonce)}`];
  } catch (error) {
    return [`after ${sent} requests a valid call failed: ${String(error)}`];
  } finally {
    connection.close();
  }
}

/** The status of the first answer, `closed` where there was none, `silent` where the server still waits for the rest. */
function exchange({ port, hostname }: URL, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    let isSilent = false;
    const patience = setTimeout(() => {
      isSilent = true;
      socket.resetAndDestroy();
    }, PATIENCE_MS);
    socket.on('data', (chunk: Buffer) => (received = (received + chunk.toString('latin1')).slice(0, 20)));
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(patience);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
      resolve(status ?? (isSilent ? 'silent' : 'closed'));
    });
    socket.write(bytes);
  });
}

async function verdictOf(server: EchoServer, so: Omit<Verdict, 'peakMemory'>): Promise<Verdict> {
  const peakMemory = await server.peakMemory();
  const ending = server.ending();
  const errors = server
    .said()
    .split('\n')
    .filter((line) => line.includes('"level":"error"') || /^\s+at /.test(line));
  const complaints = [
    ...(ending === undefined ? [] : [`it ended: ${ending}\n${server.said().slice(-2_000)}`]),
    ...errors.slice(0, 5),
    ...so.complaints,
  ];
  return { ...so, complaints, peakMemory };
}

/** A server whose reader of HTTP bodies does not expect what is no JSON. */
export const TRUSTS_BODIES: Change = {
  file: 'src/kernel/transport/http-body.ts',
  from: "throw new UnusableBody({ status: 400, code: PARSE_ERROR, message: 'Parse error: the body is not JSON.' });",
  to: "process.nextTick(() => { throw new Error('no JSON'); });",
};
