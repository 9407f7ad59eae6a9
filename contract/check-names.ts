import { pointer, problem, type Problem } from './problem.ts';
import type { MigrationContract } from './types.ts';

/** MySQL's limit for identifiers, in characters (Manual, "Identifier Length Limits"). */
const IDENTIFIER_CHARACTERS = 64;

/** DynamoDB's limit for names of key attributes, in bytes; ours for all of them, since any may become a key. */
const ATTRIBUTE_BYTES = 255;

/** Rules of names: whatever a name is, it must be possible to quote it, to print it and to find it again. */
export function checkNames(contract: MigrationContract): Problem[] {
  const problems: Problem[] = [];
  const source = (name: string, at: string): void => {
    if ([...name].length > IDENTIFIER_CHARACTERS)
      problems.push(problem(at, `is longer than the ${IDENTIFIER_CHARACTERS} characters of a name in MySQL`));
    if (name.endsWith(' ')) problems.push(problem(at, 'ends in a space, which no name in MySQL does'));
    problems.push(...plain(name, at));
  };
  const target = (name: string, at: string): void => {
    if (Buffer.byteLength(name) > ATTRIBUTE_BYTES)
      problems.push(problem(at, `is longer than the ${ATTRIBUTE_BYTES} bytes of the name of a key attribute`));
    problems.push(...plain(name, at));
  };
  source(contract.source_database, '/source_database');
  contract.tables.forEach((table, at) => {
    const place = pointer('tables', at);
    problems.push(...plain(table.table, `${place}/table`));
    for (const part of ['pk', 'sk'] as const) {
      const key = table[part];
      if (key) target(key.name, `${place}/${part}/name`);
    }
    table.gsis.forEach((index, which) => {
      problems.push(...plain(index.index_name, `${place}/gsis/${which}/index_name`));
      for (const part of ['pk', 'sk'] as const) {
        const key = index[part];
        if (key) target(key.name, `${place}/gsis/${which}/${part}/name`);
      }
    });
    table.entities.forEach((entity, of) => {
      const here = `${place}/entities/${of}`;
      source(entity.source_table, `${here}/source_table`);
      target(entity.entity_type, `${here}/entity_type`);
      entity.attributes.forEach((attribute, which) => {
        target(attribute.name, `${here}/attributes/${which}/name`);
        for (const column of [attribute.source_column].flat())
          source(column, `${here}/attributes/${which}/source_column`);
      });
    });
  });
  return problems;
}

/** Names become keys of generated objects, lines of documents and parts of quoted SQL. */
function plain(name: string, at: string): Problem[] {
  if (name === '__proto__') return [problem(at, 'is __proto__, which no object in JavaScript can have as a key')];
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return [problem(at, 'holds a control character')];
  return [];
}
