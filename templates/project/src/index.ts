/**
 * Starts the server; look here first. What it serves is declared in the manifest and written to
 * `generated/server.ts`; how a call is guarded is in `kernel/`. `--help` lists the flags.
 */
import { parts, server } from './generated/server.ts';
import { start } from './kernel/start.ts';

await start(server, parts);
