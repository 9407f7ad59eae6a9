import type { Analysis, EventFacts, RoutineFacts, TriggerFacts, ViewFacts } from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import type { CatalogueRows } from './catalogue.ts';
import { compareNames, groupBy, inOrderOf, number, optional, text } from './row.ts';

/** What a database has besides tables. */
export type SchemaObjects = Pick<Analysis, 'views' | 'triggers' | 'routines' | 'events' | 'sequences' | 'hidden'>;

/** Puts the catalogue's rows of views, triggers, routines and events together; pure. */
export function assembleObjects(rows: CatalogueRows): SchemaObjects {
  const columns = groupBy(rows.columns, 'table_name');
  const parameters = groupBy(rows.parameters, 'specific_name');
  const sequences = rows.tables.filter((row) => text(row, 'table_type') === 'SEQUENCE');
  return {
    views: rows.views.map((row) => viewFacts(row, columns.get(text(row, 'table_name')) ?? [])).sort(byName),
    triggers: rows.triggers.map(triggerFacts).sort(byName),
    routines: rows.routines
      .map((row) => routineFacts(row, parameters.get(text(row, 'specific_name')) ?? []))
      .sort((a, b) => compareNames(a.type, b.type) || byName(a, b)),
    events: rows.events.map(eventFacts).sort(byName),
    ...(sequences.length === 0
      ? {}
      : { sequences: sequences.map((row) => text(row, 'table_name')).sort(compareNames) }),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name);
}

function viewFacts(row: Row, columns: readonly Row[]): ViewFacts {
  return {
    name: text(row, 'table_name'),
    definition: text(row, 'view_definition'),
    columns: inOrderOf(columns, 'ordinal_position').map((column) => ({
      name: text(column, 'column_name'),
      columnType: text(column, 'column_type'),
      nullable: text(column, 'is_nullable') === 'YES',
    })),
    ...optional('checkOption', text(row, 'check_option')),
    updatable: text(row, 'is_updatable') === 'YES',
    ...optional('definer', text(row, 'definer')),
    ...optional('security', text(row, 'security_type')),
  };
}

function triggerFacts(row: Row): TriggerFacts {
  const order = number(row, 'action_order');
  return {
    name: text(row, 'trigger_name'),
    table: text(row, 'event_object_table'),
    timing: text(row, 'action_timing'),
    event: text(row, 'event_manipulation'),
    statement: text(row, 'action_statement'),
    // MySQL 5.6 has one trigger of a kind and always says 0.
    ...(order === null || order === 0 ? {} : { order }),
    ...optional('definer', text(row, 'definer')),
    ...optional('sqlMode', text(row, 'sql_mode')),
  };
}

const ROUTINE_TYPES: readonly string[] = ['PROCEDURE', 'FUNCTION', 'PACKAGE', 'PACKAGE BODY'];

function routineFacts(row: Row, parameters: readonly Row[]): RoutineFacts {
  const type = text(row, 'routine_type');
  const own = inOrderOf(parameters, 'ordinal_position').filter(
    // The parameter number 0 is what a function returns; a procedure and a function may share a name.
    (one) => text(one, 'routine_type') === type && number(one, 'ordinal_position') !== 0,
  );
  return {
    name: text(row, 'routine_name'),
    type: (ROUTINE_TYPES.includes(type) ? type : 'PROCEDURE') as RoutineFacts['type'],
    parameters: own.map((one) => ({
      mode: text(one, 'parameter_mode'),
      name: text(one, 'parameter_name'),
      type: text(one, 'dtd_identifier'),
    })),
    ...optional('returns', text(row, 'dtd_identifier')),
    ...optional('definition', text(row, 'routine_definition')),
    deterministic: text(row, 'is_deterministic') === 'YES',
    ...optional('dataAccess', text(row, 'sql_data_access')),
    ...optional('security', text(row, 'security_type')),
    ...optional('definer', text(row, 'definer')),
    ...optional('sqlMode', text(row, 'sql_mode')),
    ...optional('comment', text(row, 'routine_comment')),
  };
}

function eventFacts(row: Row): EventFacts {
  return {
    name: text(row, 'event_name'),
    status: text(row, 'status'),
    ...optional('definition', text(row, 'event_definition')),
    ...optional('schedule', scheduleOf(row)),
    ...optional('timeZone', text(row, 'time_zone')),
    ...optional('onCompletion', text(row, 'on_completion')),
    ...optional('definer', text(row, 'definer')),
    ...optional('sqlMode', text(row, 'sql_mode')),
    ...optional('comment', text(row, 'event_comment')),
  };
}

function scheduleOf(row: Row): string {
  if (text(row, 'event_type') === 'ONE TIME') return `AT ${text(row, 'execute_at')}`;
  const words = [`EVERY ${text(row, 'interval_value')} ${text(row, 'interval_field')}`];
  for (const edge of ['starts', 'ends']) {
    if (text(row, edge) !== '') words.push(`${edge.toUpperCase()} ${text(row, edge)}`);
  }
  return words.join(' ');
}
