/** The generator's own formatter: `check` never depends on what a project has installed. */
import { format, type FormatConfig } from 'oxfmt';

const OPTIONS: FormatConfig = { singleQuote: true, printWidth: 120, sortImports: true, sortPackageJson: false };

/** Compiled validators are code for machines, and large: they stay as the compiler wrote them. */
const UNFORMATTED = /(^|\/)generated\/validators\//;

/**
 * The formatted text of a TypeScript, JavaScript or JSON file; other files as they are.
 *
 * @throws Error where the text does not parse: a fault of a template.
 */
export async function formatFile(path: string, text: string): Promise<string> {
  if (!/\.(ts|js|json)$/.test(path) || UNFORMATTED.test(path)) return text;
  const { code, errors } = await format(path, text, OPTIONS);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}\n${error.codeframe ?? ''}`);
  return code;
}
