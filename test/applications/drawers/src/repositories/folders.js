import { first, pool, transaction } from '../db.js'
import { notFound, Refusal } from '../errors.js'
import { assignments } from '../sql/update.js'

const COLUMNS = 'f.id, f.parent_id AS parentId, f.name, f.created_at AS createdAt'

async function living(db, id) {
  const folder = await first(
    db,
    `SELECT ${COLUMNS} FROM folders f WHERE f.id = ? AND f.deleted_at IS NULL`,
    [id],
  )
  if (folder === undefined) throw notFound('folder')
  return folder
}

export async function createFolder({ name, parentId = null }) {
  return transaction(async (db) => {
    if (parentId !== null) await living(db, parentId)
    const [{ insertId }] = await db.query('INSERT INTO folders SET ?', [
      { name, parent_id: parentId },
    ])
    await db.query(
      `INSERT INTO folder_paths (ancestor_id, descendant_id, depth)
       SELECT ancestor_id, ?, depth + 1 FROM folder_paths WHERE descendant_id = ?
       UNION ALL SELECT ?, ?, 0`,
      [insertId, parentId, insertId, insertId],
    )
    return living(db, insertId)
  })
}

/** Top folders, or those of one parent. */
export async function listFolders(parentId) {
  const [rows] = await pool.query(
    `SELECT ${COLUMNS},
            (SELECT COUNT(*) FROM documents d WHERE d.folder_id = f.id AND d.deleted_at IS NULL) AS documents
       FROM folders f
      WHERE f.deleted_at IS NULL AND ${parentId === undefined ? 'f.parent_id IS NULL' : 'f.parent_id = ?'}
      ORDER BY f.name, f.id`,
    parentId === undefined ? [] : [parentId],
  )
  return rows
}

/** From the top folder down to this one. */
export async function folderPath(id) {
  const [rows] = await pool.query(
    `SELECT f.id, f.name
       FROM folder_paths p
       JOIN folders f ON f.id = p.ancestor_id
      WHERE p.descendant_id = ?
      ORDER BY p.depth DESC`,
    [id],
  )
  return rows
}

export async function readFolder(id) {
  const folder = await living(pool, id)
  return { ...folder, path: await folderPath(id), folders: await listFolders(id) }
}

/** Everything below, each folder with its depth and the documents and bytes in it and below it. */
export async function folderTree(id, depth) {
  await living(pool, id)
  const [rows] = await pool.query(
    `SELECT f.id, f.parent_id AS parentId, f.name, p.depth,
            COUNT(d.id) AS documents, COALESCE(SUM(d.size_bytes), 0) AS bytes
       FROM folder_paths p
       JOIN folders f ON f.id = p.descendant_id AND f.deleted_at IS NULL
       JOIN folder_paths below ON below.ancestor_id = f.id
       LEFT JOIN documents d ON d.folder_id = below.descendant_id AND d.deleted_at IS NULL
      WHERE p.ancestor_id = ? AND p.depth <= ?
      GROUP BY f.id, p.depth
      ORDER BY p.depth, f.name, f.id`,
    [id, depth],
  )
  return rows
}

export async function updateFolder(id, changes) {
  const set = assignments(changes, { name: 'name' })
  if (set !== undefined) {
    await pool.query(`UPDATE folders SET ${set.sql} WHERE id = ? AND deleted_at IS NULL`, [
      ...set.values,
      id,
    ])
  }
  return readFolder(id)
}

/** Hangs the folder, and all below it, under another parent, or at the top (null). */
export async function moveFolder(id, parentId) {
  await transaction(async (db) => {
    await living(db, id)
    if (parentId !== null) {
      await living(db, parentId)
      const inside = await first(
        db,
        'SELECT depth FROM folder_paths WHERE ancestor_id = ? AND descendant_id = ?',
        [id, parentId],
      )
      if (inside !== undefined) throw new Refusal(409, 'a folder does not go into itself')
    }
    await db.query('UPDATE folders SET parent_id = ? WHERE id = ?', [parentId, id])
    await db.query(
      `DELETE path
         FROM folder_paths path
         JOIN folder_paths below ON below.descendant_id = path.descendant_id AND below.ancestor_id = ?
         LEFT JOIN folder_paths kept ON kept.descendant_id = path.ancestor_id AND kept.ancestor_id = ?
        WHERE kept.ancestor_id IS NULL`,
      [id, id],
    )
    await db.query(
      `INSERT INTO folder_paths (ancestor_id, descendant_id, depth)
       SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
         FROM folder_paths above
         CROSS JOIN folder_paths below
        WHERE above.descendant_id = ? AND below.ancestor_id = ?`,
      [parentId, id],
    )
  })
  return readFolder(id)
}

/** Puts the folder and all in it into the bin, all at the same moment: that is what brings them back together. */
export async function deleteFolder(id) {
  return transaction(async (db) => {
    await living(db, id)
    const now = new Date()
    const [folders] = await db.query(
      `UPDATE folders f
         JOIN folder_paths p ON p.descendant_id = f.id
          SET f.deleted_at = ?, f.live = NULL
        WHERE p.ancestor_id = ? AND f.deleted_at IS NULL`,
      [now, id],
    )
    const [documents] = await db.query(
      `UPDATE documents d
         JOIN folder_paths p ON p.descendant_id = d.folder_id
          SET d.deleted_at = ?
        WHERE p.ancestor_id = ? AND d.deleted_at IS NULL`,
      [now, id],
    )
    return { folders: folders.affectedRows, documents: documents.affectedRows }
  })
}

export async function restoreFolder(id) {
  await transaction(async (db) => {
    const folder = await first(
      db,
      `SELECT f.deleted_at AS deletedAt, parent.deleted_at AS parentDeletedAt
         FROM folders f
         LEFT JOIN folders parent ON parent.id = f.parent_id
        WHERE f.id = ?`,
      [id],
    )
    if (folder === undefined || folder.deletedAt === null) throw notFound('folder in the bin')
    if (folder.parentDeletedAt !== null) throw new Refusal(409, 'its parent is in the bin')
    await db.query(
      `UPDATE documents d
         JOIN folder_paths p ON p.descendant_id = d.folder_id
          SET d.deleted_at = NULL
        WHERE p.ancestor_id = ? AND d.deleted_at = ?`,
      [id, folder.deletedAt],
    )
    await db.query(
      `UPDATE folders f
         JOIN folder_paths p ON p.descendant_id = f.id
          SET f.deleted_at = NULL, f.live = 1
        WHERE p.ancestor_id = ? AND f.deleted_at = ?`,
      [id, folder.deletedAt],
    )
  })
  return readFolder(id)
}
