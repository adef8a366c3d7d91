/** The server on a store that ends with its process, for tests that have no other. */
import { parts, server } from '../../../src/generated/server.ts';
import { memory } from '../../../src/kernel/idempotency/memory.ts';
import { writesOn } from '../../../src/kernel/pipeline/write-path.ts';
import { start } from '../../../src/kernel/start.ts';

await start(server, { ...parts, writes: writesOn(memory) });
