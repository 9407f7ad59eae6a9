import { pointer, problem, type Problem } from '../problem.ts';
import { FIELDS, quoted, type KnownContract, type Repair } from './form.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What was read: the value as the known form, what was left out of it, and what can't be read at all. */
export interface Shape {
  readonly known: KnownContract | undefined;
  readonly repairs: readonly Repair[];
  readonly problems: readonly Problem[];
}

/** Reads any JSON value as the known form. Only what nobody could guess is a problem; the rest is for the import. */
export function readShape(value: unknown): Shape {
  const reader = new ShapeReader();
  if (!isObject(value)) return reader.failed('', 'is no object');
  reader.surplus(value, FIELDS.root, '');
  if (!Array.isArray(value['tables'])) return reader.failed('/tables', 'is no list of tables');
  if (value['tables'].length === 0) return reader.failed('/tables', 'is empty, so there is nothing to read');
  value['tables'].forEach((table: unknown, at) => {
    reader.table(table, pointer('tables', at));
  });
  return reader.done(value as unknown as KnownContract);
}

class ShapeReader {
  readonly #repairs: Repair[] = [];
  readonly #problems: Problem[] = [];

  failed(at: string, text: string): Shape {
    this.#problems.push(problem(at, text));
    return { known: undefined, repairs: this.#repairs, problems: this.#problems };
  }

  done(known: KnownContract): Shape {
    return { known: this.#problems.length > 0 ? undefined : known, repairs: this.#repairs, problems: this.#problems };
  }

  table(table: unknown, at: string): void {
    if (!this.#object(table, at)) return;
    this.surplus(table, FIELDS.table, at);
    this.#text(table, 'table', at);
    const type = table['type'];
    if (type !== 'single-entity' && type !== 'multi-entity')
      this.#problems.push(problem(`${at}/type`, `is ${quoted(type)}, neither single-entity nor multi-entity`));
    for (const name of ['gsis', 'satisfies', 'entities', 'attributes'])
      if (table[name] !== undefined && !Array.isArray(table[name]))
        this.#problems.push(problem(`${at}/${name}`, 'is no list'));
    for (const name of ['pk', 'sk', 'source_table']) this.#fits(table, name, isNameOrNull, 'a name', at);
    this.#each(table['gsis'], `${at}/gsis`, (index, here) => {
      this.surplus(index, FIELDS.index, here);
      this.#text(index, 'index_name', here);
      this.#text(index, 'pk', here);
      this.#fits(index, 'sk', isNameOrNull, 'a name', here);
      this.#fits(index, 'projection', (value) => typeof value === 'string', 'a projection', here);
      this.#fits(index, 'projected_attributes', isTexts, 'a list of texts', here);
    });
    this.#each(table['attributes'], `${at}/attributes`, (attribute, here) => {
      this.#attribute(attribute, here);
    });
    this.#each(table['entities'], `${at}/entities`, (entity, here) => {
      this.surplus(entity, FIELDS.entity, here);
      for (const name of ['entity_type', 'source_table', 'pk_template']) this.#text(entity, name, here);
      this.#fits(entity, 'sk_template', isNameOrNull, 'a template', here);
      if (!Array.isArray(entity['attributes'])) this.#problems.push(problem(`${here}/attributes`, 'is no list'));
      this.#each(entity['attributes'], `${here}/attributes`, (attribute, place) => {
        this.#attribute(attribute, place);
      });
    });
    this.#fits(table, 'satisfies', isTexts, 'a list of texts', at);
    this.#fits(table, 'estimated_item_size_bytes', isNumber, 'a number', at);
    const needed = type === 'multi-entity' ? 'entities' : 'attributes';
    if (type !== undefined && !Array.isArray(table[needed]))
      this.#problems.push(problem(`${at}/${needed}`, `is missing, but the table is ${quoted(type)}`));
  }

  #attribute(attribute: Fields, at: string): void {
    this.surplus(attribute, FIELDS.attribute, at);
    for (const name of ['name', 'type']) this.#text(attribute, name, at);
    const column = attribute['source_column'];
    const list = Array.isArray(column) ? column : [column];
    if (list.length === 0 || !list.every((one) => typeof one === 'string' && one !== ''))
      this.#problems.push(problem(`${at}/source_column`, `is ${quoted(column)}, which names no column`));
    this.#fits(attribute, 'source_table', (value) => typeof value === 'string', 'a name', at);
    this.#fits(attribute, 'denormalized', (value) => typeof value === 'boolean', 'true or false', at);
    this.#fits(attribute, 'justification', (value) => typeof value === 'string', 'a text', at);
    for (const name of ['join', 'calculation', 'transformation'])
      this.#fits(attribute, name, (value) => value === null || isObject(value), 'an object', at);
    const join = attribute['join'];
    if (!isObject(join)) return;
    this.#fits(
      join,
      'joins',
      (value) => Array.isArray(value) && value.every(isObject),
      'a list of joins',
      `${at}/join`,
    );
    this.#fits(join, 'construction', isObject, 'an object', `${at}/join`);
  }

  /** Reports fields that the known form has not. */
  surplus(value: Fields, fields: readonly string[], at: string): void {
    for (const name of Object.keys(value)) {
      if (fields.includes(name)) continue;
      const why = 'The known form has no such field.';
      this.#repairs.push({ at: at + pointer(name), was: quoted(value[name]), became: 'left out', why });
    }
  }

  #each(list: unknown, at: string, read: (value: Fields, at: string) => void): void {
    if (!Array.isArray(list)) return;
    list.forEach((value: unknown, which) => {
      if (this.#object(value, `${at}/${which}`)) read(value, `${at}/${which}`);
    });
  }

  #object(value: unknown, at: string): value is Fields {
    if (isObject(value)) return true;
    this.#problems.push(problem(at, 'is no object'));
    return false;
  }

  /** A field that may be absent, and if it is there, is what it should be. */
  #fits(value: Fields, name: string, is: (value: unknown) => boolean, what: string, at: string): void {
    if (value[name] === undefined || is(value[name])) return;
    this.#problems.push(problem(`${at}/${name}`, `is ${quoted(value[name])}, where ${what} is needed`));
  }

  #text(value: Fields, name: string, at: string): void {
    if (typeof value[name] === 'string' && value[name] !== '') return;
    this.#problems.push(problem(`${at}/${name}`, `is ${quoted(value[name])}, where a text is needed`));
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isNameOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value !== '');
}
