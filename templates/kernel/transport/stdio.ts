/** MCP over stdin and stdout: one client, the process that started this one. */
import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { serveStdio as serveProtocol, StdioServerTransport } from '@modelcontextprotocol/server/stdio';

import type { ToolCall } from '../runtime.ts';
import { malformedCallIn } from './message.ts';
import { prepareProtocol } from './protocol.ts';
import { whenToldToStop } from './shutdown.ts';
import type { ServeStdio } from './transport.ts';

/** stdout belongs to the protocol: whatever else prints there would break it. */
function keepConsoleOffStdout(): void {
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
}

export const serveStdio: ServeStdio = async (serving) => {
  keepConsoleOffStdout();
  // The SDK drops calls under way when its input ends. This input never ends by itself, so that a client that
  // closes stdin early still gets its answers.
  const input = new PassThrough();
  process.stdin.pipe(input, { end: false });
  const wire = new Wire(input, process.stdout, { maxBufferSize: serving.limits.maxBodyBytes });
  wire.onrefusal = (call) => serving.runtime.noteMalformed({ ...call, caller: serving.caller });
  const protocolFor = prepareProtocol(serving);
  const connection = serveProtocol(() => protocolFor({ caller: serving.caller }), {
    transport: wire,
    onerror: (error) => serving.log.warn('stdio', {}, error),
  });

  await Promise.race([whenInputEnds(), wire.closed, whenToldToStop()]);
  process.stdin.unpipe(input);
  // Whatever is ready to run runs first, so that an answer that is known is also written.
  await nextTurn();
  await serving.runtime.close();
  await nextTurn();
  await connection.close();
  await new Promise((resolve) => process.stdout.write('', resolve));
};

function whenInputEnds(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
}

/** Says when it closed: it also closes itself, when a message breaks the size cap or stdout is gone. */
class Wire extends StdioServerTransport {
  /** Told of calls that the protocol will refuse. */
  onrefusal?: (call: Pick<ToolCall, 'name'>) => void;
  #tell = (): void => {};
  readonly closed = new Promise<void>((resolve) => {
    this.#tell = resolve;
  });

  override async start(): Promise<void> {
    const deliver = this.onmessage;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport has no other way.
    this.onmessage = (message) => {
      const malformed = malformedCallIn(message);
      if (malformed !== undefined) this.onrefusal?.(malformed);
      deliver?.(message);
    };
    await super.start();
  }

  override async close(): Promise<void> {
    await super.close();
    this.#tell();
  }
}
