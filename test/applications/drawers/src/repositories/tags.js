import { first, pool, transaction } from '../db.js'
import { notFound } from '../errors.js'

export async function replaceTags(documentId, tags) {
  await transaction(async (db) => {
    const document = await first(
      db,
      'SELECT id FROM documents WHERE id = ? AND deleted_at IS NULL FOR UPDATE',
      [documentId],
    )
    if (document === undefined) throw notFound('document')
    if (tags.length === 0) {
      await db.query('DELETE FROM document_tags WHERE document_id = ?', [documentId])
      return
    }
    await db.query('DELETE FROM document_tags WHERE document_id = ? AND tag NOT IN (?)', [
      documentId,
      tags,
    ])
    await db.query('INSERT IGNORE INTO document_tags (document_id, tag) VALUES ?', [
      tags.map((tag) => [documentId, tag]),
    ])
  })
}

/** The most used tags of living documents. */
export async function popularTags(limit) {
  const [rows] = await pool.query(
    `SELECT t.tag, COUNT(*) AS documents
       FROM document_tags t
       JOIN documents d ON d.id = t.document_id
      WHERE d.deleted_at IS NULL
      GROUP BY t.tag
      ORDER BY documents DESC, t.tag
      LIMIT ?`,
    [limit],
  )
  return rows
}
