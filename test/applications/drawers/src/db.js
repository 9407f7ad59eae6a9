import mysql from 'mysql2/promise'

export const pool = mysql.createPool({
  uri: process.env.DATABASE_URL,
  connectionLimit: 8,
  timezone: 'Z',
  dateStrings: ['DATE'],
})

pool.on('connection', (connection) => {
  connection.query("SET time_zone = '+00:00'")
})

/** Runs `work` in a transaction; it gets something with the pool's own `query`. */
export async function transaction(work) {
  const connection = await pool.getConnection()
  try {
    await connection.beginTransaction()
    const result = await work(connection)
    await connection.commit()
    return result
  } catch (error) {
    await connection.rollback()
    throw error
  } finally {
    connection.release()
  }
}

/** The only row of a result, or undefined. */
export async function first(db, sql, values) {
  const [rows] = await db.query(sql, values)
  return rows[0]
}
