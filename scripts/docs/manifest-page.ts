/** docs/manifest.md, made from the published JSON Schema and the complete example. */
import type { JsonSchemaDocument } from '../export-schema.ts';

/** The part of JSON Schema that zod writes. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

const INTRODUCTION = `# The manifest, version 1

<!-- Written by \`npm run docs\` from src/manifest/schema.ts. Do not edit. -->

YAML or JSON, one file: \`hardened-mcp.yaml\` by default. Tool fields keep MCP's own names, so a tool copied out of a
\`tools/list\` result is already valid; what hardens it stands beside them. JSON Schema is used wherever a condition is
needed. Values are taken from a call with runtime expressions: \`$args#/amount\`, \`$response.body#/error/message\`,
\`$response.header.retry-after\`, \`$response.status\`, \`$principal.subject\`, \`$principal.tenant\`, \`$operation.key\`;
inside a text they stand in braces: \`{$args#/invoice_id}\`. In a request, a text that really starts with a dollar sign
starts with two.

Unknown keys are errors. What the loader refuses, and why, is in [diagnostics.md](diagnostics.md).

Editors complete and check a manifest by its JSON Schema: start the file with

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/create-hardened-mcp/schema/manifest.schema.json
\`\`\`

or, in JSON, with \`"$schema": "./node_modules/create-hardened-mcp/schema/manifest.schema.json"\`.
`;

const STRATEGIES = `### Strategies

| strategy | key | for |
| --- | --- | --- |
| \`derived-key\` | the named arguments, with tool, principal, tenant, server, environment and occurrence | the default: a model that invents a new key per try cannot defeat it |
| \`caller-key\` | what the client sends as \`_meta["hardened-mcp/idempotency-key"]\` or in the added argument \`idempotency_key\` (16 to 255 visible ASCII characters) | clients that track intent |
| \`natural\` | none needed: "set the status to shipped" | setting a value, where sending again changes nothing |
| \`read-before-write\` | derived, and \`lookup\` runs first: found → that is the result, else create | upstreams with no idempotency of their own |

### After an unknown outcome

| declared | what follows |
| --- | --- |
| \`strategy: natural\` | the same call is sent again, while its yes stands where it needs one |
| \`upstreamKey\` | it is sent again under the same key, until \`retention\` is nearly over; later as with \`lookup\`, or it waits for a person |
| \`lookup\` | \`settle\` after the request it is read back: what is found is the answer, and what is not found was not executed |
| \`recovery: resume\` | the handler goes on after the last step that it finished; a step that was cut off waits for a person |
| none of these, or \`recovery: quarantine\` | it waits for a person: \`npm run operations -- resolve <id>\` |

The server sends again and reads back by itself, while \`MCP_WRITES=enabled\`. That waits for the same call where the record
alone is not enough: with a sensitive argument, with arguments of more than 64,000 characters, and where the upstream is
called in the caller's name (\`oauth-token-exchange\`). Sending again ends five minutes before \`retention\` is over, or
earlier by as much as a lease, a deadline and a minute are longer than that.

\`mutability\` gives MCP's hints: read-only → \`readOnlyHint\`; additive → \`destructiveHint: false\`; destructive and
irreversible → \`destructiveHint: true\`. \`idempotentHint\` comes from the strategy, \`openWorldHint\` from \`request\` or
\`openWorld\`.
`;

/** The page as Markdown. */
export function renderManifestPage(document: JsonSchemaDocument, example: string): string {
  // zod's own type says no more than "some JSON Schema"; `Schema` is the part of it that is read here.
  const root = document as unknown as Schema & { readonly $defs: Readonly<Record<string, Schema>> };
  const parts = Object.entries(root.$defs);
  const fields = parts.filter(([, schema]) => !isValue(schema));
  const values = parts.filter(([, schema]) => isValue(schema));
  return [
    INTRODUCTION,
    `## Complete example\n\n\`\`\`yaml\n${example.trimEnd()}\n\`\`\`\n`,
    `## Fields\n\n${renderTable(root)}`,
    ...fields.map(([name, schema]) => renderPart(name, schema)),
    `## Values\n\n| value | |\n| --- | --- |\n${values.map(([name, { description = '' }]) => `| <a id="${anchor(name)}"></a>${name} | ${cell(description)} |`).join('\n')}\n`,
  ].join('\n');
}

function renderPart(name: string, schema: Schema): string {
  const alternatives = (schema.anyOf ?? schema.oneOf ?? [schema]).map(renderAlternative);
  const strategies = name === 'idempotency' ? `\n${STRATEGIES}` : '';
  return `## ${name}\n\n${schema.description ?? ''}\n\n${alternatives.join('\nor\n\n')}${strategies}`;
}

function renderAlternative(schema: Schema): string {
  return schema.properties === undefined ? `${typeOf(schema)}\n` : renderTable(schema);
}

function renderTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).flatMap(([name, field]) => renderField(name, field, required.includes(name)));
  return `| field | type | |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** The row of a field, and those of its own fields where it has no section. */
function renderField(name: string, field: Schema, isRequired: boolean): string[] {
  const notes = [
    isRequired ? '**Required.**' : '',
    field.description ?? '',
    isEmptyDefault(field.default) ? '' : `Default: \`${JSON.stringify(field.default)}\`.`,
  ];
  const row = `| \`${name}\` | ${cell(typeOf(field))} | ${cell(notes.filter((note) => note !== '').join(' '))} |`;
  const inner = field.items ?? field;
  const alternatives = inner.anyOf ?? [inner];
  const nested = alternatives.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([key, value]) => renderField(`${name}.${key}`, value, required.includes(key))),
  );
  return [row, ...nested];
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return link(schema.$ref.replace('#/$defs/', ''));
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' · ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    return typeof values === 'object' && Object.keys(values).length > 0 ? `map of ${typeOf(values)}` : 'mapping';
  }
  if (schema.type === 'integer') return `whole number${bounds(schema)}`;
  return schema.type ?? 'any';
}

function bounds({ minimum, maximum }: Schema): string {
  const isOpen = minimum === undefined || maximum === undefined || maximum > 1_000_000;
  return isOpen ? '' : ` (${minimum} to ${maximum})`;
}

function isEmptyDefault(value: unknown): boolean {
  return value === undefined || JSON.stringify(value) === '{}';
}

/** A value has no fields to list: a text in a certain form, or any JSON. */
function isValue({ properties, anyOf, oneOf, description }: Schema): boolean {
  const isShort = ['secret', 'setting'].some((name) =>
    description?.includes(`{ ${name === 'setting' ? 'env' : name}: `),
  );
  return (
    isShort || (properties === undefined && oneOf === undefined && !anyOf?.some((one) => one.properties !== undefined))
  );
}

function link(name: string): string {
  return `[${name}](#${anchor(name)})`;
}

function anchor(name: string): string {
  return name.toLowerCase();
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
