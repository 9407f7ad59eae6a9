import { ID, TEXT, attribute, served } from '../sample.ts';
import { supportTable } from '../support-table.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract, SourceType } from '../types.ts';

const DATE_TIME: Partial<SourceType> = { data_type: 'datetime', fractional_seconds: 0 };
const BINARY_TEXT: Partial<SourceType> = { data_type: 'varchar', length: 40, collation: 'utf8mb4_0900_bin' };

/**
 * A contract that says everything that a contract can say: all joins, calculations and transformations, and what the
 * known form has no words for. Staff with managers, offices in countries, rooms by office, skills by person.
 */
export function staffingContract(): MigrationContract {
  return {
    contractVersion: 1,
    source_database: 'staffing',
    tables: [staff(), places(), skills(), supportTable('support')],
    dropped_columns: [{ source_table: 'staff', source_column: 'badge', reason: 'no statement reads or writes it' }],
    access_patterns: [
      served('AP-001', [{ table: 'staff', index: null, operation: 'get' }]),
      served('AP-002', [{ table: 'staff', index: 'staff_by_month', operation: 'query' }]),
      served('AP-003', [{ table: 'places', index: null, operation: 'query' }]),
      served('AP-004', [{ table: 'skills', index: null, operation: 'write' }]),
      { ...served('AP-005', []), status: 'refused', reason: 'It searches in text.' },
    ],
    id_allocation: [{ source_table: 'staff', source_column: 'id' }],
  };
}

function derived(name: string, type: ContractAttribute['type'], more: Partial<ContractAttribute>): ContractAttribute {
  return { ...attribute('staff', name, 'S', { ...TEXT, nullable: true }), source_column: 'id', type, ...more };
}

/** One attribute for each way of deriving one. */
export const DERIVED: readonly ContractAttribute[] = [
  derived('manager', 'S', {
    source_column: 'manager_id',
    join: {
      type: 'self-join',
      join_alias: 'boss',
      join_condition: 'boss.id = staff.manager_id',
      select_column: 'last_name',
      null_value: null,
    },
  }),
  derived('city', 'S', {
    source_column: 'office_id',
    denormalized: true,
    justification: 'AP-001 shows it; offices hardly ever move.',
    join: {
      type: 'foreign-key',
      target_table: 'offices',
      join_condition: 'offices.id = staff.office_id',
      select_column: 'offices.city',
    },
  }),
  derived('first_city', 'S', {
    source_column: 'first_office_id',
    join: {
      type: 'lookup-table',
      target_table: 'offices',
      join_alias: 'first_office',
      join_condition: 'first_office.id = staff.first_office_id',
      select_column: 'city',
    },
  }),
  derived('room', 'S', {
    source_column: ['office_id', 'room_no'],
    join: {
      type: 'multi-column',
      target_table: 'rooms',
      join_conditions: ['rooms.office_id = staff.office_id', 'rooms.room_no = staff.room_no'],
      select_column: "CONCAT(rooms.name, ' at O''Top')",
    },
  }),
  derived('office_seats', 'N', {
    source_column: 'office_id',
    join: {
      type: 'conditional',
      condition: 'staff.active = 1',
      target_table: 'offices',
      join_condition: 'offices.id = staff.office_id',
      select_column: 'offices.seats',
      else_value: '0',
    },
  }),
  derived('country', 'S', {
    source_column: 'office_id',
    join: {
      type: 'chain',
      chain_separator: ' > ',
      joins: [
        { target_table: 'offices', join_condition: 'offices.id = staff.office_id', select_column: 'city' },
        { target_table: 'countries', join_condition: 'countries.code = offices.country_code', select_column: 'name' },
      ],
    },
  }),
  derived('skills', 'L', {
    join: {
      type: 'json-construction',
      target_table: 'skills',
      join_condition: 'skills.staff_id = staff.id',
      construction: {
        type: 'array',
        select_columns: { skill: 'skills.name', level: 'skills.level' },
        limit: 20,
        order_by: 'skills.level DESC, skills.skill_no',
      },
    },
  }),
  derived('office', 'M', {
    source_column: 'office_id',
    join: {
      type: 'json-construction',
      target_table: 'offices',
      join_condition: 'offices.id = staff.office_id',
      construction: { type: 'object', select_columns: ['city', 'order'] },
    },
  }),
  derived('skill_names', 'SS', {
    join: {
      type: 'json-construction',
      target_table: 'skills',
      join_condition: 'skills.staff_id = staff.id',
      construction: { type: 'set', select_columns: ['name'] },
    },
  }),
  derived('chain_of_command', 'S', {
    source_column: 'manager_id',
    join: {
      type: 'path',
      parent_column: 'manager_id',
      key_column: 'id',
      select_column: 'last_name',
      separator: '/',
      max_depth: 20,
    },
  }),
  derived('skill_count', 'N', {
    calculation: {
      type: 'aggregate',
      target_table: 'skills',
      join_condition: 'skills.staff_id = staff.id',
      operation: 'COUNT',
      select_column: '*',
    },
  }),
  derived('state', 'S', {
    source_column: 'active',
    calculation: { type: 'case', cases: [{ when: 'active = 1', then: "'here'" }], else: "'gone'" },
  }),
  derived('full_name', 'S', {
    source_column: ['first_name', 'last_name'],
    calculation: { type: 'concat', separator: ' ' },
  }),
  derived('retires_on', 'S', {
    source_column: 'born',
    calculation: { type: 'date-math', expression: 'DATE_ADD(born, INTERVAL 65 YEAR)' },
  }),
  derived('names', 'M', { source_column: ['first_name', 'last_name'], calculation: { type: 'object' } }),
  derived('hired_day', 'S', {
    source_column: 'hired_at',
    transformation: { type: 'date-format', format: 'YYYY-MM-DD', source_format: 'timestamp' },
  }),
  derived('initial', 'S', { source_column: 'last_name', transformation: { type: 'string-format', format: '%.1s' } }),
  derived('salary_text', 'S', {
    source_column: 'salary',
    transformation: { type: 'number-format', format: '#,##0.00' },
  }),
  derived('profile_map', 'M', { source_column: 'profile', transformation: { type: 'json-parse', format: '$' } }),
  derived('source', 'S', { transformation: { type: 'static', value: "O'Top" } }),
];

function staff(): ContractTable {
  const entity: ContractEntity = {
    entity_type: 'person',
    source_table: 'staff',
    primary_key: ['id'],
    pk_template: 'STAFF#{id}',
    sk_template: null,
    index_templates: { staff_by_month: { pk: '{hired_at:month}', sk: '{hired_at}#{id}' } },
    pk_shards: { columns: ['id'], count: 8 },
    row_filter: 'deleted_at IS NULL',
    attributes: [
      attribute('staff', 'id', 'N', { ...ID, auto_increment: true }),
      attribute('staff', 'office_id', 'N', ID),
      attribute('staff', 'first_office_id', 'N', ID),
      attribute('staff', 'room_no', 'N', { data_type: 'int', precision: 10, scale: 0 }),
      attribute('staff', 'manager_id', 'N', { ...ID, nullable: true }),
      { ...attribute('staff', 'first_name', 'S', TEXT), pii: 'name' },
      { ...attribute('staff', 'last_name', 'S', TEXT), pii: 'name' },
      attribute('staff', 'hired_at', 'S', DATE_TIME),
      { ...attribute('staff', 'born', 'S', { data_type: 'date', nullable: true }), zero_date: 'null', null_as: 'NULL' },
      { ...attribute('staff', 'salary', 'S', { data_type: 'decimal', precision: 12, scale: 2 }), encoding: 'text' },
      { ...attribute('staff', 'profile', 'M', { data_type: 'json', nullable: true }), encoding: 'document' },
      {
        ...attribute('staff', 'days', 'SS', {
          data_type: 'set',
          labels: ['mo', 'tu'],
          collation: 'utf8mb4_0900_ai_ci',
        }),
        encoding: 'set',
      },
      {
        ...attribute('staff', 'active', 'BOOL', { data_type: 'tinyint', precision: 3, scale: 0 }),
        encoding: 'boolean',
      },
      attribute('staff', 'deleted_at', 'S', { ...DATE_TIME, nullable: true }),
      { ...attribute('staff', 'expires_at', 'N', DATE_TIME), encoding: 'epoch-seconds' },
      ...DERIVED,
    ],
    uniques: [
      { name: 'room', columns: ['office_id', 'room_no'], guard_template: 'UNIQUE#staff#{office_id}#{room_no}' },
    ],
    references: [
      reference('staff_office', ['office_id'], 'offices', ['id'], 'CASCADE'),
      reference('staff_manager', ['manager_id'], 'staff', ['id'], 'SET NULL'),
    ],
  };
  return {
    table: 'staff',
    type: 'single-entity',
    source_table: 'staff',
    pk: { name: 'pk', type: 'S' },
    sk: null,
    gsis: [
      {
        index_name: 'staff_by_month',
        pk: { name: 'hired_month', type: 'S' },
        sk: { name: 'hired_order', type: 'S' },
        projection: 'INCLUDE',
        projected_attributes: ['last_name'],
        rationale: 'AP-002 lists who came in a month, in order.',
      },
    ],
    entities: [entity],
    satisfies: ['AP-001', 'AP-002'],
    estimated_item_size_bytes: 900,
    size_provenance: 'measured',
    ttl_attribute: 'expires_at',
    rationale: 'One item a person who is still there.',
  };
}

function reference(
  name: string,
  columns: readonly string[],
  target: string,
  targetColumns: readonly string[],
  onUpdate: 'CASCADE' | 'SET NULL' | 'RESTRICT',
): ContractEntity['references'][number] {
  return {
    name,
    columns,
    target_table: target,
    target_columns: targetColumns,
    on_delete: 'RESTRICT',
    on_update: onUpdate,
  };
}

function places(): ContractTable {
  const entity = (of: string, more: Partial<ContractEntity>): ContractEntity => ({
    entity_type: of,
    source_table: of,
    primary_key: ['id'],
    pk_template: '',
    sk_template: null,
    index_templates: {},
    attributes: [],
    uniques: [],
    references: [],
    ...more,
  });
  return {
    table: 'places',
    type: 'multi-entity',
    source_table: null,
    pk: { name: 'pk', type: 'S' },
    sk: { name: 'sk', type: 'S' },
    gsis: [],
    entities: [
      entity('countries', {
        primary_key: ['code'],
        pk_template: 'COUNTRY#{code}',
        sk_template: 'COUNTRY',
        attributes: [attribute('countries', 'code', 'S', BINARY_TEXT), attribute('countries', 'name', 'S', TEXT)],
      }),
      entity('offices', {
        pk_template: 'OFFICE#{id}',
        sk_template: 'OFFICE',
        attributes: [
          attribute('offices', 'id', 'N', ID),
          attribute('offices', 'country_code', 'S', BINARY_TEXT),
          attribute('offices', 'city', 'S', TEXT),
          attribute('offices', 'seats', 'N', { data_type: 'int', precision: 10, scale: 0 }),
          attribute('offices', 'order', 'N', { data_type: 'int', precision: 10, scale: 0 }),
        ],
        references: [reference('office_country', ['country_code'], 'countries', ['code'], 'RESTRICT')],
      }),
      entity('rooms', {
        primary_key: ['office_id', 'room_no'],
        pk_template: 'OFFICE#{office_id}',
        sk_template: 'ROOM#{room_no}',
        attributes: [
          attribute('rooms', 'office_id', 'N', ID),
          attribute('rooms', 'room_no', 'N', { data_type: 'int', precision: 10, scale: 0 }),
          attribute('rooms', 'name', 'S', TEXT),
        ],
      }),
    ],
    satisfies: ['AP-003'],
    estimated_item_size_bytes: 120,
    rationale: 'An office and its rooms share a partition.',
  };
}

function skills(): ContractTable {
  return {
    table: 'skills',
    type: 'single-entity',
    source_table: 'skills',
    pk: { name: 'staff_id', type: 'N' },
    sk: { name: 'skill_no', type: 'N' },
    gsis: [],
    entities: [
      {
        entity_type: 'skill',
        source_table: 'skills',
        primary_key: ['staff_id', 'skill_no'],
        pk_template: '{staff_id}',
        sk_template: '{skill_no}',
        index_templates: {},
        attributes: [
          attribute('skills', 'staff_id', 'N', ID),
          attribute('skills', 'skill_no', 'N', { data_type: 'int', precision: 10, scale: 0 }),
          attribute('skills', 'name', 'S', TEXT),
          attribute('skills', 'level', 'N', { data_type: 'tinyint', precision: 3, scale: 0 }),
        ],
        uniques: [],
        references: [reference('skill_staff', ['staff_id'], 'staff', ['id'], 'RESTRICT')],
      },
    ],
    satisfies: ['AP-004'],
    estimated_item_size_bytes: 80,
    rationale: 'The skills of a person, in their order.',
  };
}
