/** The files that each tool has: rows of the table in `files.ts`. */
import type { ToolModel } from '../model/project.ts';
import type { FileRow } from './files.ts';
import { handlerView } from './views/handler.ts';
import { toolView } from './views/tool.ts';
import { typesView } from './views/types.ts';
import { validatorsView } from './views/validators.ts';

const isHandler = (tool: ToolModel): boolean => tool.kind === 'handler';
const handlerPath = ({ names }: ToolModel): string => `src/tools/${names.file}.ts`;

export const toolRows: readonly FileRow[] = [
  {
    each: 'tool',
    path: ({ names }) => `src/generated/tools/${names.file}.ts`,
    source: 'src/generated/tools/tool.ts.hbs',
    owner: 'generated',
    view: toolView,
  },
  {
    each: 'tool',
    path: ({ names }) => `src/generated/types/${names.file}.ts`,
    source: 'src/generated/types/tool.ts.hbs',
    owner: 'generated',
    view: typesView,
  },
  {
    each: 'tool',
    path: ({ names }) => `src/generated/validators/${names.file}.js`,
    source: 'src/generated/validators/tool.js.hbs',
    owner: 'generated',
    view: validatorsView,
  },
  {
    each: 'tool',
    path: handlerPath,
    source: 'src/tools/tool.ts.hbs',
    owner: 'you',
    needed: true,
    when: isHandler,
    view: handlerView,
  },
  {
    each: 'tool',
    path: ({ names }) => `test/tools/${names.file}.test.ts`,
    source: 'test/tools/tool.test.ts.hbs',
    owner: 'you',
    onlyWith: handlerPath,
    when: isHandler,
    view: handlerView,
  },
];
