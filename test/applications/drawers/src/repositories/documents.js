import { first, pool, transaction } from '../db.js'
import { notFound, Refusal } from '../errors.js'
import { Select } from '../sql/select.js'
import { assignments } from '../sql/update.js'

const COLUMNS = `d.id, d.folder_id AS folderId, d.title, d.owner, d.status, d.priority, d.size_bytes AS sizeBytes,
  d.due_on AS dueOn, d.source, d.source_ref AS sourceRef, d.version, d.created_at AS createdAt,
  d.updated_at AS updatedAt`

const FIELDS = {
  folderId: 'folder_id',
  title: 'title',
  owner: 'owner',
  status: 'status',
  priority: 'priority',
  sizeBytes: 'size_bytes',
  dueOn: 'due_on',
  source: 'source',
  sourceRef: 'source_ref',
}

/** What lists may be sorted by. Documents without a due date come last, or first when reversed. */
const SORTS = {
  title: 'd.title',
  owner: 'd.owner',
  priority: 'd.priority',
  size: 'd.size_bytes',
  due: "COALESCE(d.due_on, '9999-12-31')",
  updated: 'd.updated_at',
}

async function requireLivingFolder(db, folderId) {
  const folder = await first(
    db,
    'SELECT id FROM folders WHERE id = ? AND deleted_at IS NULL FOR SHARE',
    [folderId],
  )
  if (folder === undefined) throw new Refusal(409, 'no such folder')
}

export async function createDocument(fields) {
  const id = await transaction(async (db) => {
    if (fields.folderId) await requireLivingFolder(db, fields.folderId)
    const names = Object.keys(FIELDS).filter((field) => fields[field] !== undefined)
    const [{ insertId }] = await db.query(
      `INSERT INTO documents (${names.map((field) => FIELDS[field]).join(', ')})
       VALUES (${names.map(() => '?').join(', ')})`,
      names.map((field) => fields[field]),
    )
    return insertId
  })
  return readDocument(id)
}

export async function readDocument(id) {
  const document = await first(
    pool,
    `SELECT ${COLUMNS} FROM documents d WHERE d.id = ? AND d.deleted_at IS NULL`,
    [id],
  )
  if (document === undefined) throw notFound('document')
  const [tags] = await pool.query(
    'SELECT tag FROM document_tags WHERE document_id = ? ORDER BY tag',
    [id],
  )
  return { ...document, tags: tags.map(({ tag }) => tag) }
}

export async function listDocuments(query) {
  const select = new Select(COLUMNS, 'documents d')
  select.where(query.deleted ? 'd.deleted_at IS NOT NULL' : 'd.deleted_at IS NULL')
  if (query.folder !== undefined && query.deep) {
    select
      .join('folder_paths p', 'p.descendant_id = d.folder_id')
      .where('p.ancestor_id = ?', query.folder)
  } else if (query.folder !== undefined) {
    select.where('d.folder_id = ?', query.folder)
  }
  if (query.loose) select.where('d.folder_id IS NULL')
  if (query.status !== undefined) select.where('d.status IN (?)', query.status.split(','))
  if (query.q !== undefined) {
    select.where('d.title LIKE ?', `%${query.q.replace(/[\\%_]/g, '\\$&')}%`)
  }
  select
    .whereGiven(query.owner, 'd.owner = ?')
    .whereGiven(query.source, 'd.source = ?')
    .whereGiven(query.dueFrom, 'd.due_on >= ?')
    .whereGiven(query.dueBefore, 'd.due_on < ?')
    .whereGiven(query.minSize, 'd.size_bytes >= ?')
    .whereGiven(query.maxPriority, 'd.priority <= ?')
  if (query.tag !== undefined) {
    const tags = [...new Set(query.tag)]
    select.where(
      `d.id IN (SELECT document_id FROM document_tags WHERE tag IN (?)
                 GROUP BY document_id HAVING COUNT(*) = ?)`,
      tags,
      tags.length,
    )
  }
  select.orderBy(query.sort, SORTS, 'd.id').page(query.page, query.pageSize)
  return {
    documents: await select.rows(pool),
    total: await select.count(pool),
    page: query.page,
    pageSize: query.pageSize,
  }
}

/** With `version`, only if nobody else has changed it since. */
export async function updateDocument(id, { version, ...changes }) {
  const set = assignments(changes, FIELDS)
  if (set === undefined) return readDocument(id)
  await transaction(async (db) => {
    if (changes.folderId) await requireLivingFolder(db, changes.folderId)
    const [result] = await db.query(
      `UPDATE documents
          SET ${set.sql}, version = version + 1
        WHERE id = ? AND deleted_at IS NULL${version === undefined ? '' : ' AND version = ?'}`,
      version === undefined ? [...set.values, id] : [...set.values, id, version],
    )
    if (result.affectedRows > 0) return
    const current = await first(
      db,
      'SELECT version FROM documents WHERE id = ? AND deleted_at IS NULL',
      [id],
    )
    if (current === undefined) throw notFound('document')
    throw new Refusal(412, `the document is at version ${current.version}`)
  })
  return readDocument(id)
}

export async function deleteDocument(id) {
  const [result] = await pool.query(
    'UPDATE documents SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL',
    [new Date(), id],
  )
  if (result.affectedRows === 0) throw notFound('document')
}

/** Where its folder is in the bin, the document comes back without a folder. */
export async function restoreDocument(id) {
  const [result] = await pool.query(
    `UPDATE documents d
       LEFT JOIN folders f ON f.id = d.folder_id AND f.deleted_at IS NULL
        SET d.deleted_at = NULL, d.folder_id = f.id
      WHERE d.id = ? AND d.deleted_at IS NOT NULL`,
    [id],
  )
  if (result.affectedRows === 0) throw notFound('document in the bin')
  return readDocument(id)
}

/** What another system sends: new, or the new state of what it sent before, even if that is in the bin. */
export async function importDocument(source, sourceRef, { title, owner, sizeBytes }) {
  const [result] = await pool.query(
    `INSERT INTO documents (source, source_ref, title, owner, size_bytes)
     VALUES (?, ?, ?, ?, ?) AS sent
     ON DUPLICATE KEY UPDATE
       id = LAST_INSERT_ID(documents.id), title = sent.title, owner = sent.owner, size_bytes = sent.size_bytes,
       version = documents.version + 1, deleted_at = NULL`,
    [source, sourceRef, title, owner, sizeBytes],
  )
  return { created: result.affectedRows === 1, document: await readDocument(result.insertId) }
}
