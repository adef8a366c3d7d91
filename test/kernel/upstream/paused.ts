/**
 * Executes a write at the given URL, for as long as the file of its lease is there, and stops itself like a suspended
 * machine while its connection is being made. Tells how that ended.
 */
import { existsSync } from 'node:fs';

import { declareTool, prepare } from './declared.ts';

const [, , url = '', lease = ''] = process.argv;
const tool = declareTool({ mutability: 'irreversible', request: { method: 'POST', body: { a: 1 } } });
const prepared = await prepare(new URL(url), { tool, upstream: { attempts: 3, timeoutMs: 60_000 } });
if (prepared.kind === 'refused') throw new Error('refused');
const execution = prepared.send({ signal: new AbortController().signal, mayStillSend: () => existsSync(lease) });
// By then the connection is asked for, so that the kernel makes it; this process hears of it when it goes on.
process.nextTick(() => process.kill(process.pid, 'SIGSTOP'));
process.stdout.write(JSON.stringify(await execution));
