import { supportTable } from './support-table.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract, SourceType } from './types.ts';

/**
 * A small contract that can be checked by hand: authors, their books, and the loans of a book. For tests and
 * documentation; it has a unique key compared without case, a foreign key with its index, a composite key, money,
 * microseconds and an allocated id.
 */
export function sampleContract(): MigrationContract {
  return {
    contractVersion: 1,
    source_database: 'library',
    tables: [authors(), books(), loans(), supportTable('support')],
    dropped_columns: [
      { source_table: 'loans', source_column: 'legacy_code', reason: 'no statement reads or writes it' },
    ],
    access_patterns: [
      served('AP-001', [{ table: 'authors', index: 'authors_by_email', operation: 'query' }]),
      served('AP-002', [{ table: 'books', index: 'books_by_author', operation: 'query' }]),
      served('AP-003', [{ table: 'loans', index: null, operation: 'query' }]),
      served('AP-004', [{ table: 'books', index: null, operation: 'scan', budget_items: 1000 }]),
      served('AP-005', [{ table: 'books', index: null, operation: 'write' }]),
    ],
    id_allocation: [
      { source_table: 'authors', source_column: 'id' },
      { source_table: 'books', source_column: 'id' },
    ],
  };
}

/** A type of which only the name differs. */
const BASE: SourceType = {
  data_type: 'bigint',
  unsigned: false,
  nullable: false,
  precision: null,
  scale: null,
  length: null,
  fractional_seconds: null,
  collation: null,
  auto_increment: false,
  default: null,
  on_update_current_timestamp: false,
};
/** What ids are in samples. */
export const ID: Partial<SourceType> = { unsigned: true, precision: 20, scale: 0 };
/** What text is in samples: compared without case. */
export const TEXT: Partial<SourceType> = { data_type: 'varchar', length: 190, collation: 'utf8mb4_0900_ai_ci' };

/** An attribute that carries the column of its own name. */
export function attribute(
  table: string,
  name: string,
  type: ContractAttribute['type'],
  source: Partial<SourceType>,
): ContractAttribute {
  return { name, type, source_table: table, source_column: name, source_type: { ...BASE, ...source } };
}

function table(
  entity: ContractEntity,
  rest: Pick<ContractTable, 'pk' | 'sk' | 'gsis' | 'satisfies' | 'rationale'>,
): ContractTable {
  return {
    table: entity.source_table,
    type: 'single-entity',
    source_table: entity.source_table,
    entities: [entity],
    estimated_item_size_bytes: 200,
    ...rest,
  };
}

function authors(): ContractTable {
  return table(
    {
      entity_type: 'author',
      source_table: 'authors',
      primary_key: ['id'],
      pk_template: '{id}',
      sk_template: null,
      index_templates: { authors_by_email: { pk: '{email:fold}', sk: null } },
      attributes: [
        attribute('authors', 'id', 'N', { ...ID, auto_increment: true }),
        attribute('authors', 'email', 'S', TEXT),
        attribute('authors', 'born', 'S', { data_type: 'date', nullable: true }),
      ],
      uniques: [
        { name: 'authors_email', columns: ['email'], guard_template: 'UNIQUE#authors#authors_email#{email:fold}' },
      ],
      references: [],
    },
    {
      pk: { name: 'id', type: 'N' },
      sk: null,
      gsis: [
        {
          index_name: 'authors_by_email',
          pk: { name: 'authors_by_email_pk', type: 'S' },
          sk: null,
          projection: 'ALL',
          projected_attributes: [],
          rationale: 'AP-001 asks by e-mail.',
        },
      ],
      satisfies: ['AP-001'],
      rationale: 'One item a row of authors.',
    },
  );
}

function books(): ContractTable {
  return table(
    {
      entity_type: 'book',
      source_table: 'books',
      primary_key: ['id'],
      pk_template: '{id}',
      sk_template: null,
      index_templates: { books_by_author: { pk: '{author_id}', sk: '{published_at}#{id}' } },
      attributes: [
        attribute('books', 'id', 'N', { ...ID, auto_increment: true }),
        attribute('books', 'author_id', 'N', ID),
        attribute('books', 'title', 'S', TEXT),
        attribute('books', 'price', 'N', { data_type: 'decimal', precision: 10, scale: 2 }),
        attribute('books', 'published_at', 'S', { data_type: 'datetime', fractional_seconds: 6 }),
        attribute('books', 'cover', 'B', { data_type: 'varbinary', length: 32, nullable: true }),
      ],
      uniques: [],
      references: [
        {
          name: 'books_author_fk',
          columns: ['author_id'],
          target_table: 'authors',
          target_columns: ['id'],
          on_delete: 'RESTRICT',
        },
      ],
    },
    {
      pk: { name: 'id', type: 'N' },
      sk: null,
      gsis: [
        {
          index_name: 'books_by_author',
          pk: { name: 'author_id', type: 'N' },
          sk: { name: 'books_by_author_sk', type: 'S' },
          projection: 'ALL',
          projected_attributes: [],
          rationale: 'AP-002 lists the books of an author, newest last.',
        },
      ],
      satisfies: ['AP-002', 'AP-004', 'AP-005'],
      rationale: 'One item a row of books.',
    },
  );
}

function loans(): ContractTable {
  return table(
    {
      entity_type: 'loan',
      source_table: 'loans',
      primary_key: ['book_id', 'loan_no'],
      pk_template: '{book_id}',
      sk_template: '{loan_no}',
      index_templates: {},
      attributes: [
        attribute('loans', 'book_id', 'N', ID),
        attribute('loans', 'loan_no', 'N', { data_type: 'int', unsigned: true, precision: 10, scale: 0 }),
        attribute('loans', 'state', 'S', {
          data_type: 'enum',
          labels: ['out', 'back'],
          collation: 'utf8mb4_0900_ai_ci',
        }),
      ],
      uniques: [],
      references: [
        {
          name: 'loans_book_fk',
          columns: ['book_id'],
          target_table: 'books',
          target_columns: ['id'],
          on_delete: 'CASCADE',
        },
      ],
    },
    {
      pk: { name: 'book_id', type: 'N' },
      sk: { name: 'loan_no', type: 'N' },
      gsis: [],
      satisfies: ['AP-003'],
      rationale: 'The loans of a book share its partition, in their order.',
    },
  );
}

/** An access pattern as it is served. */
export function served(
  id: string,
  by: MigrationContract['access_patterns'][number]['served_by'],
): MigrationContract['access_patterns'][number] {
  return {
    id,
    status: 'served',
    served_by: by,
    reason: '',
    rates: { mean: 1, peak: 10, provenance: 'stated' },
    units: { read: 0.5, write: 0 },
  };
}
