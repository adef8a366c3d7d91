/**
 * Operations that wait for a person: lists them, approves, denies, and says what happened where nobody knows.
 * `--help` lists the commands; how they work is in `kernel/operations/`.
 */
import { parts, server } from './generated/server.ts';
import { runOperations } from './kernel/operations/command-line.ts';

await runOperations(server, parts);
