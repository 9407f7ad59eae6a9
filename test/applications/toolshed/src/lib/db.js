'use strict';

const mysql = require('mysql');

const target = new URL(process.env.DATABASE_URL);

const pool = mysql.createPool({
    connectionLimit: 8,
    host: target.hostname,
    port: Number(target.port || 3306),
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
    database: decodeURIComponent(target.pathname.slice(1)),
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true
});

/** All rows. */
function many(sql, params, callback) {
    pool.query(sql, params, callback);
}

/** The first row, or undefined. */
function one(sql, params, callback) {
    pool.query(sql, params, function (err, rows) {
        callback(err, rows && rows[0]);
    });
}

/** Inserts an object whose keys are columns; gives its id. */
function insert(table, row, callback) {
    pool.query('INSERT INTO ?? SET ?', [table, row], function (err, result) {
        callback(err, result && result.insertId);
    });
}

/** Runs an UPDATE or DELETE; gives how many rows it found. */
function change(sql, params, callback) {
    pool.query(sql, params, function (err, result) {
        callback(err, result && result.affectedRows);
    });
}

/** Calls a stored procedure; gives its result sets. */
function call(procedure, params, callback) {
    const marks = params.map(function () {
        return '?';
    });
    pool.query('CALL ' + procedure + '(' + marks.join(', ') + ')', params, function (err, results) {
        callback(err, results && results.slice(0, -1));
    });
}

/** Hands `work` a connection in a transaction: committed when it calls back without an error. */
function transaction(work, callback) {
    pool.getConnection(function (err, connection) {
        if (err) return callback(err);
        function undo(reason) {
            connection.rollback(function () {
                connection.release();
                callback(reason);
            });
        }
        connection.beginTransaction(function (err) {
            if (err) return undo(err);
            work(connection, function (err, result) {
                if (err) return undo(err);
                connection.commit(function (err) {
                    if (err) return undo(err);
                    connection.release();
                    callback(null, result);
                });
            });
        });
    });
}

module.exports = { pool, many, one, insert, change, call, transaction };
