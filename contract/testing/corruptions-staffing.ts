import { corruption, type Corruption } from './corruptions.ts';
import { DERIVED, staffingContract } from './staffing.ts';

const STAFF = '/tables/0/entities/0';
const PLACES = '/tables/1';
const BASIC = staffingContract().tables[0]?.entities[0]?.attributes.length ?? 0;

/** Place of an attribute of staff by its name. */
function of(name: string): string {
  const at = staffingContract().tables[0]?.entities[0]?.attributes.findIndex((one) => one.name === name) ?? -1;
  if (at < 0) throw new Error(`no attribute ${name} among ${BASIC}, ${DERIVED.length} of them derived`);
  return `${STAFF}/attributes/${at}`;
}

/** Spoils one field below a derivation of an attribute of staff. */
function spoil(name: string, attribute: string, field: string, value: unknown, at = field): Corruption {
  return corruption(name, of(attribute) + field, value, of(attribute) + at);
}

/** Corruptions of the contract that says everything; only what its fields mean is wrong. */
export const staffingCorruptions: readonly Corruption[] = [
  spoil('a self-join without an alias of its own', 'manager', '/join/join_alias', 'staff'),
  spoil('a self-join that finds many', 'manager', '/join/join_condition', 'boss.manager_id = staff.manager_id'),
  spoil('a self-join of an unknown alias', 'manager', '/join/join_condition', 'chief.id = staff.manager_id'),
  spoil('a self-join that selects nothing', 'manager', '/join/select_column', 'surname'),
  spoil('a self-join by an unknown column', 'manager', '/join/join_condition', 'boss.id = staff.boss_id'),
  spoil('a join on a table that is not there', 'city', '/join/target_table', 'branches'),
  spoil('a join on the own table without alias', 'city', '/join/target_table', 'staff'),
  spoil('a join that finds many rows', 'city', '/join/join_condition', 'offices.country_code = staff.first_name'),
  spoil('a join by inequality', 'city', '/join/join_condition', 'offices.id >= staff.office_id'),
  spoil('a join by one of two', 'city', '/join/join_condition', 'offices.id = staff.office_id OR offices.id = 1'),
  spoil('a join of a key with itself', 'city', '/join/join_condition', 'offices.id = offices.id'),
  spoil('a join that selects an unknown column', 'city', '/join/select_column', 'offices.town'),
  spoil('a join that selects of another table', 'city', '/join/select_column', 'rooms.name'),
  spoil('a join that selects a query', 'city', '/join/select_column', '(SELECT 1)'),
  spoil('text of a join in a number', 'city', '/type', 'N', '/join/select_column'),
  spoil('a copy without a reason', 'city', '/justification', ' ', ''),
  spoil('a second row without its alias', 'first_city', '/join/join_condition', 'offices.id = staff.first_office_id'),
  spoil('a lookup by half a name', 'first_city', '/join/join_condition', 'id = staff.first_office_id'),
  spoil('a composite join that binds half its key', 'room', '/join/join_conditions', ['rooms.room_no = staff.room_no'], '/join/join_conditions/0'), // prettier-ignore
  spoil('a composite join by an unknown column', 'room', '/join/join_conditions/1', 'rooms.number = staff.room_no'),
  spoil('a composite join whose text goes on', 'room', '/join/select_column', "rooms.name') FROM dual -- "),
  spoil('a condition on what is not joined yet', 'office_seats', '/join/condition', 'offices.seats > 1'),
  spoil('a condition that sleeps', 'office_seats', '/join/condition', 'SLEEP(10) = 0'),
  spoil('text in the place of a number', 'office_seats', '/join/else_value', 'none'),
  spoil('a conditional join that finds many', 'office_seats', '/join/join_condition', 'offices.seats = staff.id'),
  spoil('a chain that begins nowhere', 'country', '/join/joins/0/join_condition', 'offices.id = rooms.office_id'),
  spoil('a chain with a hop too far', 'country', '/join/joins/1/join_condition', 'countries.code = rooms.name'),
  spoil('a chain through an unknown table', 'country', '/join/joins/1/target_table', 'states'),
  spoil('a chain that meets a table twice', 'country', '/join/joins/1/target_table', 'offices'),
  spoil('a chain whose hop finds many', 'country', '/join/joins/1/join_condition', 'countries.name = offices.city'),
  spoil('a chain that makes a number of text', 'country', '/type', 'N', '/join/chain_separator'),
  spoil('a list of an unknown column', 'skills', '/join/construction/select_columns/skill', 'skills.title'),
  spoil('a list by an unknown order', 'skills', '/join/construction/order_by', 'skills.rank DESC'),
  spoil('a list by an order that is none', 'skills', '/join/construction/order_by', 'skills.level DESC LIMIT 3'),
  spoil('some of a list, in no order', 'skills', '/join/construction/order_by', undefined, '/join/construction/limit'),
  spoil('a list in a map', 'skills', '/type', 'M', '/join/construction/type'),
  spoil('a list joined by nothing', 'skills', '/join/join_condition', 'skills.person = staff.id'),
  spoil('an object of many rows', 'office', '/join/join_condition', 'offices.seats = staff.id'),
  spoil('an object with an order', 'office', '/join/construction/order_by', 'offices.city'),
  spoil('an object in a list', 'office', '/type', 'L', '/join/construction/type'),
  spoil('a set of two columns', 'skill_names', '/join/construction/select_columns', ['name', 'level']),
  spoil('a set in a list', 'skill_names', '/type', 'L', '/join/construction/type'),
  spoil('a path by an unknown parent', 'chain_of_command', '/join/parent_column', 'boss_id'),
  spoil('a path by an unknown key', 'chain_of_command', '/join/key_column', 'number'),
  spoil('a path of unknown names', 'chain_of_command', '/join/select_column', 'surname'),
  spoil('a path without end', 'chain_of_command', '/join/max_depth', 0),
  spoil('a path that is a number', 'chain_of_command', '/type', 'N', '/join'),
  spoil('a count that is text', 'skill_count', '/type', 'S', '/type'),
  spoil('a count of an unknown table', 'skill_count', '/calculation/target_table', 'talents'),
  spoil('a count over itself', 'skill_count', '/calculation/target_table', 'staff'),
  spoil('a sum of everything', 'skill_count', '/calculation/operation', 'SUM', '/calculation/select_column'),
  spoil('a count by an unknown column', 'skill_count', '/calculation/join_condition', 'skills.person = staff.id'),
  spoil('a case of an unknown column', 'state', '/calculation/cases/0/when', 'alive = 1'),
  spoil('a case with an unquoted answer', 'state', '/calculation/cases/0/then', 'here'),
  spoil('a case with an else that is no SQL', 'state', '/calculation/else', "'gone"),
  spoil('a case that makes a map', 'state', '/type', 'M', '/type'),
  spoil('a concat of an unknown column', 'full_name', '/source_column', ['first_name', 'surname']),
  spoil('a concat that makes a number', 'full_name', '/type', 'N', '/type'),
  spoil(
    'date arithmetic on an unknown column',
    'retires_on',
    '/calculation/expression',
    'DATE_ADD(birth, INTERVAL 1 DAY)',
  ),
  spoil('date arithmetic that makes a map', 'retires_on', '/type', 'M', '/type'),
  spoil('an object of one column', 'names', '/source_column', 'first_name'),
  spoil('an object that is text', 'names', '/type', 'S', '/type'),
  spoil('a date format of text', 'hired_day', '/source_column', 'last_name', '/transformation/type'),
  spoil('a date format of no date', 'hired_day', '/transformation/format', 'day'),
  spoil('a date format of an unknown column', 'hired_day', '/source_column', 'started_at'),
  spoil('a date format of two columns', 'hired_day', '/source_column', ['hired_at', 'born']),
  spoil('a text format that makes a list', 'initial', '/type', 'L', '/type'),
  spoil('a number format of a date', 'salary_text', '/source_column', 'hired_at', '/transformation/type'),
  spoil('JSON read from a number', 'profile_map', '/source_column', 'salary', '/transformation/type'),
  spoil('a constant that is no number', 'source', '/type', 'N', '/transformation/value'),
  spoil('money as a document', 'salary', '/encoding', 'document'),
  spoil('a document as a number', 'profile', '/type', 'N', '/type'),
  spoil('a set of what is none', 'first_name', '/encoding', 'set'),
  spoil('epoch seconds as text', 'expires_at', '/type', 'S', '/type'),
  spoil('a boolean of a date', 'hired_at', '/encoding', 'boolean'),
  spoil('a zero date of a number', 'salary', '/zero_date', 'text'),
  spoil('a zero date as NULL where NULL can not be', 'hired_at', '/zero_date', 'null'),
  spoil('a NULL of what is never NULL', 'first_name', '/null_as', 'NULL'),
  spoil('a NULL that is a dash', 'born', '/null_as', '-'),
  corruption('a filter by an unknown column', `${STAFF}/row_filter`, 'gone_at IS NULL'),
  corruption('a filter by another table', `${STAFF}/row_filter`, 'offices.seats > 1'),
  corruption('a filter with a query', `${STAFF}/row_filter`, 'id IN (SELECT id FROM staff)'),
  corruption('a filter with a comment', `${STAFF}/row_filter`, 'deleted_at IS NULL -- and that is all'),
  corruption('a filter with a comment that is executed', `${STAFF}/row_filter`, 'id = 1 /*! OR 1 = 1 */'),
  corruption('a filter that writes a file', `${STAFF}/row_filter`, "id = 1 INTO OUTFILE 'x'"),
  corruption('a filter that locks', `${STAFF}/row_filter`, 'id = 1 FOR UPDATE'),
  corruption('a filter that closes its parenthesis', `${STAFF}/row_filter`, 'id = 1) OR (1 = 1'),
  corruption('a filter with a variable', `${STAFF}/row_filter`, 'id = @id'),
  corruption('a filter with a parameter', `${STAFF}/row_filter`, 'id = ?'),
  corruption('shards by an unknown column', `${STAFF}/pk_shards/columns`, ['number']),
  corruption('one shard', `${STAFF}/pk_shards/count`, 1),
  corruption('a bucket of a number', `${STAFF}/index_templates/staff_by_month/pk`, '{id:month}'),
  corruption('the hour of a date', `${STAFF}/index_templates/staff_by_month/pk`, '{born:hour}'),
  corruption('a bucket in a guard', `${STAFF}/uniques/0/guard_template`, 'UNIQUE#staff#{hired_at:day}#{room_no}'),
  corruption('a key of a document', `${STAFF}/index_templates/staff_by_month/sk`, '{profile}#{id}'),
  corruption('a key of a derived value', `${STAFF}/index_templates/staff_by_month/pk`, '{full_name}'),
  corruption('SET NULL on update where NULL can not be', `${STAFF}/references/0/on_update`, 'SET NULL'),
  corruption('a rule on update that is none', `${STAFF}/references/0/on_update`, 'NO ACTION'),
  corruption('a foreign key from a number to text', `${STAFF}/references/0/target_columns`, ['city']),
  corruption('two kinds of items of one name', `${PLACES}/entities/1/entity_type`, 'countries'),
  corruption('rooms of an office in one item', `${PLACES}/entities/2/sk_template`, 'ROOM', `${PLACES}/entities/2/pk_template`), // prettier-ignore
  corruption('a multi-entity table with a source', `${PLACES}/source_table`, 'offices'),
  corruption('a projection of an unknown attribute', '/tables/0/gsis/0/projected_attributes', ['surname'], '/tables/0/gsis/0/projected_attributes/0'), // prettier-ignore
  corruption('an item that never expires', '/tables/0/ttl_attribute', 'hired_at', `${STAFF}/attributes`),
  corruption('a size from nowhere', '/tables/0/size_provenance', 'guessed'),
  corruption('a refused pattern that is served', '/access_patterns/4/served_by', [{ table: 'staff', index: null, operation: 'get' }]), // prettier-ignore
];
