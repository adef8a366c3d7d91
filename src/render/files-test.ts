/** The tests that a project is given: rows of the table in `files.ts`. */
import type { FileRow } from './files.ts';

export const testRows: readonly FileRow[] = [];
