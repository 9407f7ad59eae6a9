import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project, type Type } from 'ts-morph';

type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema of a type of core/, so that the published `analysis.schema.json` can't drift from what the code
 * declares. Print it with `npx tsx activities/01-mysql-analysis/print-schema.ts`; a test compares.
 */
export function schemaOfType(file: string, name: string): JsonSchema {
  const core = fileURLToPath(new URL('../../core/', import.meta.url));
  const project = new Project({
    compilerOptions: { strict: true, exactOptionalPropertyTypes: true, allowImportingTsExtensions: true, noEmit: true },
  });
  const source = project.addSourceFileAtPath(path.join(core, file));
  const definitions = new Map<string, JsonSchema>();
  const root = schemaOf(source.getInterfaceOrThrow(name).getType(), definitions);
  const sorted = [...definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: name,
    ...root,
    definitions: Object.fromEntries(sorted),
  };
}

function schemaOf(type: Type, definitions: Map<string, JsonSchema>): JsonSchema {
  const name = type.getAliasSymbol()?.getName() ?? (type.isInterface() ? type.getSymbol()?.getName() : undefined);
  const named = name !== undefined && /^[A-Z]/.test(name) && !/^(?:Readonly|ReadonlyArray|Record|Array)$/.test(name);
  if (!named || type.isArray() || type.isReadonlyArray()) return anonymous(type, definitions);
  if (!definitions.has(name)) {
    definitions.set(name, {});
    definitions.set(name, anonymous(type, definitions));
  }
  return { $ref: `#/definitions/${name}` };
}

function anonymous(type: Type, definitions: Map<string, JsonSchema>): JsonSchema {
  if (type.isString()) return { type: 'string' };
  if (type.isNumber()) return { type: 'number' };
  if (type.isBoolean()) return { type: 'boolean' };
  if (type.isNull()) return { type: 'null' };
  if (type.isLiteral()) return { const: type.isBooleanLiteral() ? type.getText() === 'true' : type.getLiteralValue() };
  if (type.isUnion()) return union(type, definitions);
  const element = type.getArrayElementType();
  if (element !== undefined) return { type: 'array', items: schemaOf(element, definitions) };
  return object(type, definitions);
}

function union(type: Type, definitions: Map<string, JsonSchema>): JsonSchema {
  const members = type.getUnionTypes().filter((member) => !member.isUndefined());
  const booleans = members.filter((member) => member.isBooleanLiteral());
  const literals = members.filter((member) => member.isStringLiteral());
  if (literals.length === members.length) {
    return { enum: literals.map((member) => member.getLiteralValue() as string).sort() };
  }
  const others = members.filter((member) => !booleans.includes(member)).map((member) => schemaOf(member, definitions));
  const all =
    booleans.length === 2
      ? [...others, { type: 'boolean' }]
      : [...others, ...booleans.map((one) => anonymous(one, definitions))];
  return all.length === 1 && all[0] !== undefined ? all[0] : { anyOf: all };
}

function object(type: Type, definitions: Map<string, JsonSchema>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const property of type.getProperties()) {
    const declaration = property.getValueDeclarationOrThrow();
    properties[property.getName()] = schemaOf(property.getTypeAtLocation(declaration), definitions);
    if (!property.isOptional()) required.push(property.getName());
  }
  return { type: 'object', additionalProperties: false, required, properties };
}
